import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#libs/observability';
import { collectLog, collectSecret, runProgram, searchSuiteLog } from '#libs/testing';

// The search itself runs after the last test (libs/testing/src/vitest-global-setup.ts); this holds that it finds what it should.

const suiteFolder = process.env.STARLING_SUITE_LOGS;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'starling-search-'));
  vi.stubEnv('STARLING_SUITE_LOGS', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZG9lIn0.c2lnbmF0dXJlLW9mLWpkb2U';

describe('the search of the log of all tests', () => {
  it.each([
    ['a token', token],
    ['a token in base64', Buffer.from(token).toString('base64')],
    ['a header object of a handshake', Buffer.from('{"host":"a","x-api-key":"b"}').toString('base64')],
    ['an API key', 'da2-abcdefghijklmnopqrstuvwxyz'],
    ['a signature', `Signature=${'0a'.repeat(32)}`],
    ['a header in a query', '/graphql/realtime?header=anything&payload=e30='],
    ['a key that was made known', 'wJalrXUtnFEMI'],
    ['such a key in base64', Buffer.from('wJalrXUtnFEMI').toString('base64')],
  ])('should find %s', async (_what, secret) => {
    collectSecret('wJalrXUtnFEMI');
    collectLog('api', `{"level":30,"msg":"fine"}\n{"level":30,"msg":"said ${secret} aloud"}\n`);
    const { leaks, sources } = await searchSuiteLog(folder);
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatch(/^api logged ".*…" in: .*said /);
    expect(sources).toEqual(new Set(['api']));
    expect(leaks[0]).not.toContain(secret.length > 20 ? secret : `${secret} aloud`);
  });

  it('should find nothing in what the logger writes', async () => {
    collectSecret('wJalrXUtnFEMI');
    const destination = new PassThrough().on('data', (line: Buffer) => collectLog('api', line.toString()));
    const headers = { authorization: token, 'x-api-key': 'da2-abcdefghijklmnopqrstuvwxyz' };
    createLogger({ name: 'api', level: 'info', destination }).info(
      { headers, secretAccessKey: 'wJalrXUtnFEMI', url: `/graphql/realtime?header=${btoa(JSON.stringify(headers))}` },
      `It was ${token}`,
    );
    const { leaks, sources, secrets } = await searchSuiteLog(folder);
    expect({ leaks, sources: [...sources], secrets }).toEqual({ leaks: [], sources: ['api'], secrets: 1 });
  });

  it('should be given what programs write on standard error, and what they must not', async () => {
    const script = 'dist/apps/api/src/main.js';
    await runProgram({ script, env: { REDIS_URL: 'localhost', NEXT_TOKEN_SECRET: 'a-secret-of-a-test' } });
    const { sources, secrets } = await searchSuiteLog(folder);
    expect({ sources: [...sources], secrets }).toEqual({ sources: [script], secrets: 1 });
  });

  it('should be given a folder by the test run', async () => {
    expect(suiteFolder).toBeTruthy();
    vi.stubEnv('STARLING_SUITE_LOGS', suiteFolder);
    collectLog('test/suite-log.spec.ts', 'one line that is there');
    const files = (await readdir(suiteFolder!)).filter((file) => file.startsWith('logs-'));
    const texts = await Promise.all(files.map((file) => readFile(path.join(suiteFolder!, file), 'utf8')));
    expect(texts.join('')).toContain('one line that is there');
  });
});
