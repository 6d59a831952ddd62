import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createRedisEventLog, LogUnavailableError, Publisher } from '#libs/event-log';
import type { EventLog, RedisEventLogOptions, SkippedEntry } from '#libs/event-log';
import { startRedisServer } from '#libs/testing';
import type { RedisServer } from '#libs/testing';

import { idsFrom, taskCreated, tasks } from './entries.js';
import { record } from './recording.js';

// Each test has its own Redis, because it kills, stops or flushes it.
async function startServer(appendOnly = false): Promise<RedisServer> {
  const server = await startRedisServer({ appendOnly });
  onTestFinished(() => server.stop());
  return server;
}

function open(server: RedisServer, options: Partial<RedisEventLogOptions> = {}): EventLog {
  const log = createRedisEventLog({ url: server.url, api: 'boards', blockMs: 200, commandTimeoutMs: 500, ...options });
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
const epochKey = 'starling:{boards/0}:epoch';

describe('Redis away', () => {
  test('should deliver every published event once and in order over kills and restarts with a journal', async () => {
    const server = await startServer(true);
    const log = open(server);
    const recording = await record(log, { timeoutMs: 15_000 });
    const publisher = new Publisher(log, { ackTimeoutMs: 50 });
    onTestFinished(() => void publisher.close());

    let published = 0;
    let isPublishing = true;
    const publishing = (async () => {
      while (isPublishing) {
        published += 1;
        // What is deferred is answered at once: a client that waited for nothing would only fill the queue.
        if ((await publisher.publish([taskCreated(published)])) === 'deferred') await sleep(5);
      }
    })();
    for (let kill = 1; kill <= 3; kill += 1) {
      const target = recording.entries.length + 50;
      await recording.waitFor(({ entries }) => entries.length >= target, `events before kill ${kill}`);
      await server.kill('SIGKILL');
      await server.restart();
    }
    const target = recording.entries.length + 50;
    await recording.waitFor(({ entries }) => entries.length >= target, 'events after the last restart');
    isPublishing = false;
    await publishing;

    await expect(publisher.drain(10_000)).resolves.toBe(true);
    await recording.waitFor(({ story }) => story.includes(`t${published}`), 'the last event');
    expect(recording.story).toEqual(idsFrom(1, published));
    expect(recording.states).toContain('waiting');
    expect(recording.reader.state).toBe('reading');
  });

  test('should refuse an append while it is away, and take it when it is back', async () => {
    const server = await startServer(true);
    const log = open(server, { commandTimeoutMs: 200 });
    await log.append(tasks('api-1', 1, 1));
    await server.kill('SIGKILL');
    await expect(log.append(tasks('api-1', 2, 1))).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(log.read({ onEntry: () => undefined, onGap: () => undefined })).rejects.toBeInstanceOf(
      LogUnavailableError,
    );
    await server.restart();
    await expect.poll(() => log.append(tasks('api-1', 2, 1)).catch(() => []), { timeout: 5000 }).toHaveLength(1);
  });

  test('should notice a server that answers nothing, and go on when it does', async () => {
    const server = await startServer();
    const log = open(server);
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 1));
    await server.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await recording.waitFor(({ states }) => states.includes('waiting'), 'the reader to notice');
    // Three blocking times, and some for a busy machine.
    expect(performance.now() - stoppedAt).toBeLessThan(3 * 200 + 1000);
    expect(recording.reader.silentMs).toBeGreaterThan(200);
    await expect(log.append(tasks('api-1', 2, 1))).rejects.toBeInstanceOf(LogUnavailableError);
    await server.kill('SIGCONT');
    await expect.poll(() => log.append(tasks('api-1', 2, 2)).catch(() => []), { timeout: 5000 }).toHaveLength(2);
    await recording.waitFor(({ story }) => story.includes('t3'), 'the last event');
    expect(recording.story).toEqual(['t1', 't2', 't3']);
  });

  test('should refuse appends while its memory is full, and go on without a restart', async () => {
    const server = await startServer();
    const log = open(server);
    const redis = connect(server);
    const recording = await record(log);
    const publisher = new Publisher(log, { ackTimeoutMs: 100, longestRetryMs: 100 });
    onTestFinished(() => void publisher.close());
    await publisher.publish([taskCreated(1)]);
    await redis.config('SET', 'maxmemory', '1');
    await expect(publisher.publish([taskCreated(2)])).resolves.toBe('deferred');
    await redis.config('SET', 'maxmemory', '0');
    await expect(publisher.drain(2000)).resolves.toBe(true);
    await expect(publisher.publish([taskCreated(3)])).resolves.toBe('appended');
    await recording.waitFor(({ story }) => story.includes('t3'), 'the last event');
    expect(recording.story).toEqual(['t1', 't2', 't3']);
    expect(recording.states).toEqual([]);
  });

  test('should close within a second while the server answers nothing', async () => {
    const server = await startServer();
    const log = open(server);
    await record(log);
    await server.kill('SIGSTOP');
    const before = performance.now();
    await log.close();
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a log that is not what it was', () => {
  test('should report a flush while nothing is appended, and deliver all that follows', async () => {
    const server = await startServer();
    const log = open(server);
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 2));
    await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
    await connect(server).flushall();
    await recording.waitFor(({ gaps }) => gaps.length === 1, 'the gap');
    await log.append(tasks('api-1', 3, 1));
    await recording.waitFor(({ story }) => story.includes('t3'), 'the event');
    expect(recording.story).toEqual(['t1', 't2', 'gap:reset', 't3']);
  });

  test('should report a flush that an append follows at once', async () => {
    const server = await startServer();
    const log = open(server, { blockMs: 5000 });
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 2));
    await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
    await connect(server).flushall();
    await log.append(tasks('api-1', 3, 2));
    await recording.waitFor(({ story }) => story.includes('t4'), 'the last event');
    expect(recording.story).toEqual(['t1', 't2', 'gap:reset', 't3', 't4']);
  });

  test('should report a restart without data', async () => {
    const server = await startServer();
    const log = open(server);
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 1));
    await recording.waitFor(({ entries }) => entries.length === 1, 'the event');
    await server.restart();
    await recording.waitFor(({ gaps }) => gaps.length === 1, 'the gap');
    expect(recording.story).toEqual(['t1', 'gap:reset']);
  });

  test('should report entries that were trimmed past a reader that lags behind', async () => {
    const server = await startServer();
    const log = open(server, { maxEntries: 100, readCount: 10 });
    const redis = connect(server);
    await log.append(tasks('api-1', 1, 10));
    const start = await log.tail();
    await log.append(tasks('api-1', 11, 20));
    const recording = await record(log, {
      from: start,
      // The reader is stopped, as a starved process is, while the log moves on past it.
      onEntry: () => {
        if (recorded === 0) trimming = flood();
        recorded += 1;
      },
    });
    let recorded = 0;
    let trimming: Promise<void> | undefined;
    async function flood(): Promise<void> {
      await redis.call('XTRIM', logKey, 'MAXLEN', '5');
    }
    await recording.waitFor(({ story }) => story.includes('t30'), 'the last event');
    await trimming;
    expect(recording.gaps.map(({ reason }) => reason)).toEqual(['trimmed']);
    expect(recording.story).toEqual([...idsFrom(11, 20), 'gap:trimmed', ...idsFrom(26, 30)]);
  });

  test('should not call it a gap when retention removed only what was read', async () => {
    const server = await startServer();
    const log = open(server);
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 5));
    await recording.waitFor(({ entries }) => entries.length === 5, 'the events');
    await connect(server).call('XTRIM', logKey, 'MAXLEN', '0');
    await log.append(tasks('api-1', 6, 1));
    await recording.waitFor(({ story }) => story.includes('t6'), 'the event');
    expect(recording.story).toEqual(idsFrom(1, 6));
  });

  test('should report a lost tail and deliver what got lower ids since', async () => {
    const server = await startServer();
    const log = open(server);
    const redis = connect(server);
    await log.append(tasks('api-0', 1, 1));
    const recording = await record(log);
    const positions = await log.append(tasks('api-1', 1, 4));
    await recording.waitFor(({ entries }) => entries.length === 4, 'the events');
    // What a failover leaves: a log that never had the last two, then new entries whose ids lie below those of the lost.
    const entries = await redis.xrange(logKey, '-', positions[1]!.id);
    const shared = entries.map(([id, fields]) => ['XADD', logKey, id, ...fields]);
    const next = `${positions[1]!.id.split('-')[0]}-${Number(positions[1]!.id.split('-')[1]) + 1}`;
    const late = ['version', '1', 'kind', 'event', 'name', 'createTask', 'payload', taskCreated(9).payload];
    const fields = [...late, 'traceparent', '', 'producer', 'api-2', 'sequence', '1', 'previous', positions[1]!.id];
    const transaction = redis.multi().del(logKey);
    for (const [command, ...args] of [...shared, ['XADD', logKey, next, ...fields]])
      transaction.call(command!, ...args);
    await transaction.exec();

    await recording.waitFor(({ story }) => story.includes('t9'), 'the new event');
    await log.append(tasks('api-1', 5, 1));
    await recording.waitFor(({ story }) => story.includes('t5'), 'the event after it');
    expect(recording.story).toEqual(['t1', 't2', 't3', 't4', 'gap:rewound', 't9', 't5']);
  });

  test('should report that a replica took over, once per gateway, and refuse the cursors of before', async () => {
    const primary = await startServer();
    const replica = await startServer();
    const log = open(primary);
    const redis = connect(replica);
    const start = await log.tail();
    // Without the pause in which a primary waits for more replicas to serve at once.
    for (const server of [primary, replica]) await connect(server).config('SET', 'repl-diskless-sync-delay', 0);
    await redis.replicaof('127.0.0.1', primary.port);
    await log.append(tasks('api-1', 1, 2));
    await expect.poll(() => redis.xlen(logKey), { timeout: 10_000 }).toBe(2);

    // The same address leads to the replica afterwards: Redis swaps the roles, the readers' server loses its history.
    const gateways = [await record(log, { from: start }), await record(open(primary), { from: start })];
    for (const gateway of gateways) await gateway.waitFor(({ entries }) => entries.length === 2, 'both events');
    const old = gateways[0]!.reader.position;
    await redis.replicaof('NO', 'ONE');
    await connect(primary).replicaof('127.0.0.1', replica.port);
    await expect.poll(() => connect(primary).info('replication')).toContain('master_link_status:up');
    await connect(primary).replicaof('NO', 'ONE');

    for (const gateway of gateways) await gateway.waitFor(({ gaps }) => gaps.length > 0, 'the gap');
    await log.append(tasks('api-1', 3, 1));
    for (const gateway of gateways) {
      await gateway.waitFor(({ story }) => story.includes('t3'), 'the event');
      expect(gateway.story).toEqual(['t1', 't2', 'gap:failover', 't3']);
    }
    await expect(log.page(old)).resolves.toMatchObject({ reason: 'failover' });
  });
});

describe('entries that are not ours', () => {
  test('should be skipped and counted, and the reader goes on', async () => {
    const server = await startServer();
    const skipped: SkippedEntry[] = [];
    const log = open(server, { onSkipped: (entry) => skipped.push(entry) });
    const redis = connect(server);
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 1));
    await redis.xadd(logKey, '*', 'hello', 'world');
    await redis.xadd(logKey, '*', 'version', '2', 'kind', 'event', 'body', 'something new');
    await redis.xadd(
      logKey,
      '*',
      'version',
      '1',
      'kind',
      'task',
      'name',
      'x',
      'payload',
      '{}',
      'producer',
      'p',
      'sequence',
      '1',
    );
    await redis.xadd(
      logKey,
      '*',
      'version',
      '1',
      'kind',
      'event',
      'name',
      'x',
      'payload',
      '{}',
      'producer',
      'p',
      'sequence',
      'x',
    );
    await redis.xadd(logKey, '*', 'version', '9', 'blob', 'x'.repeat(10_000_000));
    await log.append(tasks('api-1', 2, 1));
    await recording.waitFor(({ story }) => story.includes('t2'), 'the event after them');
    expect(recording.story).toEqual(['t1', 't2']);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'malformed',
      'unknown-version',
      'malformed',
      'malformed',
      'unknown-version',
    ]);
  });

  test('should not stop the reader when the key holds something else, until it is removed', async () => {
    const server = await startServer();
    const errors: unknown[] = [];
    const log = open(server, { onError: (error) => errors.push(error) });
    const redis = connect(server);
    const recording = await record(log);
    await redis.set(logKey, 'not a stream');
    await recording.waitFor(({ states }) => states.includes('waiting'), 'the reader to fail');
    await expect(log.append(tasks('api-1', 1, 1))).rejects.toThrow(/WRONGTYPE/);
    await redis.del(logKey);
    await log.append(tasks('api-1', 1, 1));
    await recording.waitFor(({ story }) => story.includes('t1'), 'the event');
    // Every attempt is reported, with a pause between two.
    expect(errors.length).toBeLessThan(50);
  });
});

describe('several APIs on one Redis', () => {
  test('should share nothing', async () => {
    const server = await startServer();
    const [boards, chat] = [open(server, { api: 'boards' }), open(server, { api: 'chat' })];
    const recordings = [await record(boards), await record(chat)];
    await boards.append(tasks('api-1', 1, 1));
    await chat.append(tasks('api-1', 2, 1));
    await recordings[0]!.waitFor(({ entries }) => entries.length > 0, 'the event of boards');
    await recordings[1]!.waitFor(({ entries }) => entries.length > 0, 'the event of chat');
    expect(recordings.map(({ story }) => story)).toEqual([['t1'], ['t2']]);
    expect((await connect(server).keys('*')).sort()).toEqual(
      [epochKey, logKey, 'starling:{chat/0}:epoch', 'starling:{chat/0}:log'].sort(),
    );
  });

  test.each(['', 'a/b', 'a}b', 'ä', 'x'.repeat(65)])('should refuse the name "%s"', (api) => {
    expect(() => createRedisEventLog({ url: 'redis://127.0.0.1:1', api })).toThrow(RangeError);
  });
});

describe('the race between subscribing and appending', () => {
  test('should never lose an event that is appended after the reader is there', { timeout: 30_000 }, async () => {
    const server = await startServer();
    const log = open(server, { api: `race-${randomUUID()}` });
    const until = performance.now() + 3000;
    let sequence = 0;
    for (let round = 0; round < 300 && performance.now() < until; round += 1) {
      const noise = log.append(tasks('noise', sequence + 1, 2));
      sequence += 2;
      const recording = await record(log);
      const [position] = await log.append(tasks(`round-${round}`, 1, 1));
      await recording.waitFor(({ positions }) => positions.some(({ id }) => id === position!.id), `round ${round}`);
      await noise;
      await recording.reader.close();
    }
    expect(sequence).toBeGreaterThan(20);
  });
});
