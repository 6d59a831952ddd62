import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { projectNode } from '../../../scripts/prepare.mjs';
import { all, endOf, lastLines, start, temporaryFolder } from '../command.mjs';
import { applyCustomResources } from '../custom-resources.mjs';
import { certificateFor, front, frontService, plainPort, routesOf, tlsPort } from '../front.mjs';
import { merge, secrets } from '../release.mjs';
import { clientId, issuerPort, standIns, userPoolId, valuesOnStandIns } from '../stand-ins.mjs';
import { readStories } from '../story-report.mjs';

/** They take half a minute; so long when every one of them waits for its own time-out. */
const storiesTimeoutMs = 900_000;

/** The definitions that the stories are told of, and their releases. */
const examples = {
  tasks: 'examples/tasks',
  'client-filter': 'examples/tasks-client-filter',
  boards: 'examples/boards',
};

export const stories = {
  name: 'stories',
  title: "Both seeds' stories through one front, 2 api and 2 gateway pods",
  async run({ kubernetes, releases, images, check }) {
    await releases.prepare();
    const key = await signingKey();
    await kubernetes.apply(...standIns({ image: await images.standalone(), keys: { keys: [key.published] } }));
    await kubernetes.rolledOut('deployment/stand-ins');
    await applyCustomResources(kubernetes);
    const folder = temporaryFolder('stories');
    const deployments = {};
    try {
      const opened = await all(
        Object.entries(examples).map(([release, definition], index) =>
          open({ kubernetes, releases, images, folder }, release, definition, index),
        ),
      );
      for (const { definition, addresses } of opened) deployments[definition] = addresses;
      const file = path.join(folder, 'deployments.json');
      const issuer = {
        key: key.private,
        kid: key.published.kid,
        clientId,
        issuer: `http://stand-ins:${issuerPort}/${userPoolId}`,
      };
      await writeFile(file, JSON.stringify({ deployments, apiKey: secrets.STARLING_API_KEY, ...issuer }));
      const { passed, protocols, clients, faults } = await tellStories(folder, file);
      for (const fault of faults) check(false, fault);
      check(protocols.length > 0, 'no story was told in any protocol');
      check(clients.length > 0, 'no story was told with any client');
      return `${passed} stories, in ${protocols.join(', ')} and with ${clients.join(', ')}; Ingress and HTTPRoute accepted by the API server`;
    } finally {
      // Whatever came of it: the rows that follow need the room.
      await all([
        ...Object.keys(examples).flatMap((release) => [
          releases.helm('uninstall', release, '--ignore-not-found'),
          remove(kubernetes, `${release}-front`),
        ]),
        remove(kubernetes, 'stand-ins'),
      ]).catch((error) => check(false, error.message));
    }
  },
};

const remove = (kubernetes, name) =>
  kubernetes.kubectl('delete', 'deployment,service,configmap,secret', name, '--ignore-not-found');

/** A release with its front. Answers where clients find it. */
async function open({ kubernetes, releases, images, folder }, release, definition, index) {
  const routed = { ingress: { enabled: true }, httpRoute: { enabled: true, parentRefs: [{ name: 'front' }] } };
  const values = merge(
    await releases.values(),
    await releases.definition(definition),
    valuesOnStandIns(index),
    routed,
    {
      fullnameOverride: release,
      redis: { trial: { persistence: { enabled: false } } },
      trustedProxies: ['private'],
    },
  );
  await releases.install(release, values);
  await kubernetes.apply(frontService(release));
  const address = (await kubernetes.address(`${release}-front`)).split(':')[0];
  const certificate = await certificateFor(address);
  const routes = routesOf(await releases.render(release, values));
  await kubernetes.apply(...front(release, { image: await images.front(), routes, certificate }));
  await kubernetes.rolledOut(`deployment/${release}-front`);
  const ca = path.join(folder, `${release}.pem`);
  await writeFile(ca, certificate.authority);
  const addresses = { plain: `${address}:${plainPort}`, tls: `${address}:${tlsPort}`, ca };
  return { definition, addresses };
}

async function signingKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = `verify-${Date.now()}`;
  return {
    private: await exportJWK(privateKey),
    published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
  };
}

/** Runs test/cluster. Answers what passed, and a line for everything that did not. */
async function tellStories(folder, deployments) {
  const report = path.join(folder, 'report.json');
  const flags = ['--reporter=json', `--outputFile=${report}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/cluster/vitest.config.ts', ...flags];
  const program = start(projectNode, vitest, { env: { STARLING_DEPLOYMENTS: deployments } });
  const status = await endOf(program, 'The tests of test/cluster', storiesTimeoutMs);
  const text = await readFile(report, 'utf8').catch((cause) => {
    throw new Error(`The stories could not be told:\n${lastLines(program)}`, { cause });
  });
  const told = readStories(JSON.parse(text));
  // An error outside of any test, too, is one.
  if (status !== 0 && told.faults.length === 0) {
    told.faults.push(`vitest has ended with ${status}:\n${lastLines(program)}`);
  }
  return told;
}
