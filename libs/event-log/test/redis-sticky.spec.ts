import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createRedisEventLog } from '#libs/event-log';
import type { EventLog, RedisEventLogOptions } from '#libs/event-log';
import { startRedisServer } from '#libs/testing';
import type { RedisServer } from '#libs/testing';

import { tasks, unsubscribed } from './entries.js';
import { record } from './recording.js';

// Each test has its own Redis, because it restarts, flushes or fills it.
async function startServer(appendOnly = false): Promise<RedisServer> {
  const server = await startRedisServer({ appendOnly });
  onTestFinished(() => server.stop());
  return server;
}

function open(server: RedisServer, options: Partial<RedisEventLogOptions> = {}): EventLog {
  const log = createRedisEventLog({ url: server.url, api: 'boards', blockMs: 200, commandTimeoutMs: 1000, ...options });
  onTestFinished(() => log.close());
  return log;
}

function connect(server: RedisServer): Redis {
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

const logKey = 'starling:{boards/0}:log';
const stickyKey = 'starling:{boards/0}:sticky';

const sticky = (username: string, seconds: number, sequence = 1) => ({
  entry: unsubscribed(username, seconds),
  producer: `api-of-${username}`,
  sequence,
});

describe('sticky invalidations in Redis', () => {
  test('should be there after a restart with a journal', async () => {
    const server = await startServer(true);
    const [position] = await open(server).append([sticky('jdoe', 300)]);
    await server.kill('SIGKILL');
    await server.restart();
    const { lasting } = await record(open(server));
    expect(lasting).toMatchObject([{ entry: { payload: '{"username":"jdoe"}' } }]);
    expect(lasting[0]!.endsAtMs).toBe(Number(position!.id.split('-')[0]) + 300_000);
  });

  test('should stay with a reader that lived through a restart, without being told again', async () => {
    const server = await startServer(true);
    const log = open(server);
    await log.append([sticky('jdoe', 300)]);
    const recording = await record(log);
    await server.kill('SIGKILL');
    await recording.waitFor(({ states }) => states.includes('waiting'), 'the reader to notice');
    await server.restart();
    await recording.waitFor(({ reader }) => reader.state === 'reading', 'the reader to be back');
    expect(recording.story).toEqual(['lasting:{"username":"jdoe"}']);
  });

  test('should be kept once when their append is repeated', async () => {
    const server = await startServer();
    const log = open(server);
    await log.append([sticky('jdoe', 300)]);
    await log.append([sticky('jdoe', 300)]);
    expect(await connect(server).zcard(stickyKey)).toBe(1);
  });

  test('should be removed at the next append after they are over, and the others kept', async () => {
    const server = await startServer();
    const log = open(server);
    await log.append([sticky('jdoe', 1), sticky('janed', 300)]);
    await sleep(1050);
    await log.append(tasks('api-1', 1, 1));
    expect(await connect(server).zrange(stickyKey, '0', '-1')).toEqual([
      '["1","onCreateTask","{\\"username\\":\\"janed\\"}","request-of-janed"]',
    ]);
  });

  test('should be told whatever their payload holds', async () => {
    const log = open(await startServer());
    const entry = {
      ...unsubscribed('jdoe', 60),
      payload: JSON.stringify({ 'na"me': 'Überprüfen ✓ 🐦 / \\ \n \u2028' }),
    };
    await log.append([{ entry, producer: 'api-1', sequence: 1 }]);
    expect((await record(log)).lasting.map((one) => one.entry.payload)).toEqual([entry.payload]);
  });

  test.each(['no JSON', '["1"]', '["2","onCreateTask","{}",""]', '["1","",""]', '{"a":1}', '[1,2,3]'])(
    'should report a member that is %s, and tell the others',
    async (member) => {
      const server = await startServer();
      const errors: unknown[] = [];
      const log = open(server, { onError: (error) => errors.push(error) });
      await log.append([sticky('jdoe', 60)]);
      await connect(server).zadd(stickyKey, '9999999999999', member);
      expect((await record(log)).lasting).toHaveLength(1);
      expect(errors.map(String)).toEqual([
        `Error: A sticky invalidation in ${stickyKey} could not be read; it was passed over.`,
      ]);
    },
  );
});

describe('entries of another release', () => {
  test('should be read when they have no fields for request and time', async () => {
    const server = await startServer();
    const recording = await record(open(server));
    const fields = { version: '1', kind: 'invalidation', name: 'onCreateTask', payload: '{}', traceparent: '' };
    const raw = Object.entries({ ...fields, producer: 'api-1', sequence: '1', previous: '0-0' }).flat();
    await connect(server).xadd(logKey, '*', ...raw);
    await recording.waitFor(({ entries }) => entries.length === 1, 'the invalidation');
    expect(recording.entries).toEqual([{ kind: 'invalidation', subscriptionField: 'onCreateTask', payload: '{}' }]);
  });

  test('should be read by a release that knows neither field', async () => {
    const server = await startServer();
    await open(server).append([sticky('jdoe', 60)]);
    const [[, fields]] = (await connect(server).xrange(logKey, '-', '+')) as [[string, string[]]];
    // What such a release looks for is where it was, under the version that it knows.
    expect(fields).toEqual(expect.arrayContaining(['version', '1', 'kind', 'invalidation', 'name', 'onCreateTask']));
  });

  test.each(['0', '-1', '1.5', 'soon'])('should be skipped when their time is %s', async (time) => {
    const server = await startServer();
    const skipped: unknown[] = [];
    const recording = await record(open(server, { onSkipped: ({ reason }) => skipped.push(reason) }));
    const fields = { version: '1', kind: 'invalidation', name: 'onCreateTask', payload: '{}', sticky: time };
    const raw = Object.entries({ ...fields, producer: 'api-1', sequence: '1' }).flat();
    await connect(server).xadd(logKey, '*', ...raw);
    await open(server).append(tasks('api-2', 2, 1));
    await recording.waitFor(({ entries }) => entries.length === 1, 'the event after it');
    expect(skipped).toEqual(['malformed']);
  });
});
