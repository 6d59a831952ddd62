import type { TestProject } from 'vitest/node';

import { startRedisServer } from './redis-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a Redis that the whole test run shares: use keys of your own, and never FLUSHALL. */
    redisUrl: string;
  }
}

/**
 * One Redis for a test run: the one `REDIS_URL` names, else a server of our own, ended after the last test. Tests get its
 * address by `inject('redisUrl')`; a test that kills, stops or flushes its Redis starts its own with `startRedisServer`.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.REDIS_URL;
  if (given) {
    project.provide('redisUrl', given);
    return undefined;
  }
  const server = await startRedisServer();
  project.provide('redisUrl', server.url);
  return () => server.stop();
}
