import { isReady } from '../kubernetes.mjs';
import { main } from '../release.mjs';

/** What the issue gives for it, in seconds. */
const limitS = 90;

export const install = {
  name: 'install',
  title: '`helm install` with the trial Redis',
  async run({ kubernetes, releases, images, check }) {
    await releases.prepare();
    // Images are there before: how long a registry takes says nothing about Starling.
    await Promise.all([images.starling(), images.redis()]);
    const values = await releases.mainValues();
    if ((await releases.helm('list', '--all', '--short')).split('\n').includes(main)) {
      await releases.helm('uninstall', main, '--wait');
    }

    const began = Date.now();
    await releases.install(main, values, ['--wait', '--timeout', '3m']);
    const seconds = (Date.now() - began) / 1_000;
    const pods = [];
    for (const component of ['api', 'gateway', 'redis']) pods.push(...(await kubernetes.pods(main, component)));
    check(
      pods.length === 5 && pods.every(isReady),
      `${pods.filter(isReady).length} of ${pods.length} pods are ready, not 5 of 5`,
    );
    check(seconds < limitS, `it took ${seconds.toFixed(0)} s`);

    const said = await releases.helm('test', main, '--logs');
    check(/The event has arrived/.test(said), '`helm test` saw no event');
    return `5 pods ready in ${seconds.toFixed(0)} s; \`helm test\`: the event has arrived`;
  },
};
