import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

import { startRedisServer } from './redis-server.js';
import { searchSuiteLog, suiteLogVariable } from './suite-log.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a Redis that the whole test run shares: use keys of your own, and never FLUSHALL. */
    redisUrl: string;
  }
}

/**
 * One Redis for a test run: the one `REDIS_URL` names, else a server of our own, ended after the last test. Tests get its
 * address by `inject('redisUrl')`; a test that kills, stops or flushes its Redis starts its own with `startRedisServer`.
 *
 * After the last test the log of all of them is searched for credentials, and the run fails if there are any.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-suite-log-'));
  // Workers are started later and have the environment of now.
  process.env[suiteLogVariable] = folder;
  const given = process.env.REDIS_URL;
  const server = given ? undefined : await startRedisServer();
  project.provide('redisUrl', given ?? server!.url);
  return async () => {
    await server?.stop();
    try {
      await assertNoSecrets(project, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Tests that surely write a log, and who writes it: where they have run and nothing was collected, the search has looked at nothing. */
const expected = [
  [/apps\/api\/test\/http-answers\.e2e-spec\.ts$/, 'api'],
  [/apps\/gateway\/test\/appsync-handshake\.e2e-spec\.ts$/, 'gateway'],
  [/test\/stories\/separate-processes\.spec\.ts$/, 'dist/apps/api/src/main.js'],
  [/test\/stories\/separate-processes\.spec\.ts$/, 'dist/apps/gateway/src/main.js'],
] as const;

async function assertNoSecrets(project: TestProject, folder: string): Promise<void> {
  const { sources, leaks } = await searchSuiteLog(folder);
  if (leaks.length > 0) {
    throw new Error(`${leaks.length} lines of the log have credentials:\n${leaks.slice(0, 20).join('\n')}`);
  }
  for (const [files, source] of expected) {
    if (hasRun(project, files) && !sources.has(source)) {
      throw new Error(
        `The log of ${source} was not collected, so nobody knows whether it has credentials (suite-log.ts).`,
      );
    }
  }
}

/** Whether a test of such a file has passed. */
function hasRun(project: TestProject, files: RegExp): boolean {
  return project.vitest.state
    .getTestModules()
    .filter((module) => files.test(module.moduleId))
    .some((module) => [...module.children.allTests('passed')].length > 0);
}
