import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { projectNode } from '../../../scripts/prepare.mjs';
import { run } from '../command.mjs';
import { applyCustomResources } from '../custom-resources.mjs';
import { certificateFor, front, frontService, plainPort, routesOf, tlsPort } from '../front.mjs';
import { merge, secrets } from '../release.mjs';
import { clientId, issuerPort, standIns, userPoolId, valuesOnStandIns } from '../stand-ins.mjs';

/** The definitions that the stories are told of, and their releases. */
const examples = { tasks: 'examples/tasks', 'client-filter': 'examples/tasks-client-filter', boards: 'examples/boards' };

export const stories = {
  name: 'stories',
  title: "Both seeds' stories through one front, 2 api and 2 gateway pods",
  async run({ kubernetes, releases, images, options, check }) {
    await releases.prepare();
    const key = await signingKey();
    await kubernetes.apply(...standIns({ image: await images.standalone(), keys: { keys: [key.published] } }));
    await kubernetes.rolledOut('deployment/stand-ins');
    const accepted = await applyCustomResources(kubernetes);
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
      const issuer = { key: key.private, kid: key.published.kid, clientId, issuer: `http://stand-ins:${issuerPort}/${userPoolId}` };
      await writeFile(file, JSON.stringify({ deployments, apiKey: secrets.STARLING_API_KEY, ...issuer }));
      const report = path.join(folder, 'report.json');
      const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/cluster/vitest.config.ts', ...flags];
      const said = await run(projectNode, vitest, { env: { STARLING_DEPLOYMENTS: file }, timeoutMs: 600_000 });
      const [, passed] = /Tests\s+(\d+) passed/.exec(plain(said)) ?? [];
      check(Number(passed) > 0, 'no story was told');
      return `${passed} stories in three protocols and with six clients, Amplify 5 and 6 among them; Ingress${accepted ? ' and HTTPRoute' : ''} accepted by the API server`;
    } finally {
      if (!options.keep) {
        for (const release of Object.keys(examples)) {
          await releases.helm('uninstall', release, '--ignore-not-found');
          await kubernetes.kubectl('delete', 'deployment,service,configmap,secret', `${release}-front`, '--ignore-not-found');
        }
        await kubernetes.kubectl('delete', 'deployment,service,configmap', 'stand-ins', '--ignore-not-found');
      }
    }
  },
};

/** A release with its front. Answers where clients find it. */
async function open({ kubernetes, releases, images, folder }, release, definition, index) {
  const routed = { ingress: { enabled: true }, httpRoute: { enabled: true, parentRefs: [{ name: 'front' }] } };
  const values = merge(await releases.values(), await releases.definition(definition), valuesOnStandIns(index), routed, {
    fullnameOverride: release,
    redis: { trial: { persistence: { enabled: false } } },
    trustedProxies: ['private'],
  });
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
  return { private: await exportJWK(privateKey), published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/** Without the colours of a terminal. */
// eslint-disable-next-line no-control-regex
const plain = (text) => text.replace(/\u001b\[\d+m/g, '');
