import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { projectNode } from '../../../scripts/prepare.mjs';
import { start } from '../command.mjs';
import { applyCustomResources } from '../custom-resources.mjs';
import { certificateFor, front, frontService, plainPort, routesOf, tlsPort } from '../front.mjs';
import { merge, secrets } from '../release.mjs';
import { clientId, issuerPort, standIns, userPoolId, valuesOnStandIns } from '../stand-ins.mjs';

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
    const folder = await mkdtemp(path.join(tmpdir(), 'starling-stories-'));
    const deployments = {};
    try {
      const opened = await Promise.all(
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
      const { passed, failed } = await tellStories(folder, file);
      for (const fault of failed) check(false, fault);
      check(passed > 0, 'no story was told');
      return `${passed} stories in three protocols and with six clients, Amplify 5 and 6 among them; Ingress and HTTPRoute accepted by the API server`;
    } finally {
      // Whatever came of it: the rows that follow need the room.
      for (const release of Object.keys(examples)) {
        await releases.helm('uninstall', release, '--ignore-not-found');
        await kubernetes.kubectl(
          'delete',
          'deployment,service,configmap,secret',
          `${release}-front`,
          '--ignore-not-found',
        );
      }
      await kubernetes.kubectl('delete', 'deployment,service,configmap', 'stand-ins', '--ignore-not-found');
    }
  },
};

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

/** Runs test/cluster. Answers how many passed, and a line for each that did not. */
async function tellStories(folder, deployments) {
  const report = path.join(folder, 'report.json');
  const flags = ['--reporter=json', `--outputFile=${report}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/cluster/vitest.config.ts', ...flags];
  const program = start(projectNode, vitest, { env: { STARLING_DEPLOYMENTS: deployments } });
  await program.ended;
  const { numPassedTests, testResults } = JSON.parse(
    await readFile(report, 'utf8').catch(() => {
      throw new Error(`The stories could not be told:\n${program.output}`);
    }),
  );
  const failed = testResults.flatMap(({ message, assertionResults }) => [
    ...(message ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0]}`),
  ]);
  return { passed: numPassedTests, failed };
}
