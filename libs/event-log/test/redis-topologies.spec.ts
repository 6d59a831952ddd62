import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { generate } from 'selfsigned';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createRedisEventLog, LogUnavailableError } from '#libs/event-log';
import type { EventLog, RedisEventLogOptions } from '#libs/event-log';
import { freePorts, startRedisServer } from '#libs/testing';
import type { RedisServer } from '#libs/testing';

import { taskCreated, tasks } from './entries.js';
import { record } from './recording.js';

const logKey = 'starling:{boards/0}:log';

const start = async (moreArguments: readonly string[] = []): Promise<RedisServer> => {
  const server = await startRedisServer({ moreArguments });
  onTestFinished(() => server.stop());
  return server;
};

function open(options: Partial<RedisEventLogOptions> & { url: string }): EventLog {
  const log = createRedisEventLog({ api: 'boards', blockMs: 200, commandTimeoutMs: 500, ...options });
  onTestFinished(() => log.close());
  return log;
}

function connect(server: RedisServer, password?: string): Redis {
  const redis = new Redis(server.url, { password });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function until(what: string, isMet: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (await isMet()) return;
    await sleep(50);
  }
  throw new Error(`It did not come to this within 10 s: ${what}`);
}

describe('Sentinel', () => {
  /** A primary and its replica, and one Sentinel that calls a primary dead after half a second. */
  async function startFlock() {
    const access = ['--requirepass', 'of-redis', '--masterauth', 'of-redis'];
    const [primary, replica] = [await start(access), await start(access)];
    await connect(replica, 'of-redis').replicaof('127.0.0.1', primary.port);
    const sentinel = await startRedisServer({ sentinel: ['requirepass of-sentinel'] });
    onTestFinished(() => sentinel.stop());
    const asked = connect(sentinel, 'of-sentinel');
    await asked.call('SENTINEL', 'MONITOR', 'main', '127.0.0.1', String(primary.port), '1');
    await asked.call('SENTINEL', 'SET', 'main', 'auth-pass', 'of-redis', 'down-after-milliseconds', '500');
    await until('the Sentinel knows the replica', async () => {
      const replicas = (await asked.call('SENTINEL', 'REPLICAS', 'main')) as unknown[];
      return replicas.length === 1;
    });
    return { primary, replica, sentinel };
  }

  test('should lead to the primary, and to the next one when that is gone', async () => {
    const { primary, replica, sentinel } = await startFlock();
    const log = open({
      // The first is not there: the next is asked.
      url: `redis://127.0.0.1:1,${sentinel.url}`,
      password: 'of-redis',
      sentinel: { primaryName: 'main', password: 'of-sentinel' },
    });
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 1));
    await recording.waitFor(({ entries }) => entries.length === 1, 'the first event');
    // Time for the replica to have it: what it lacks when it is promoted is a gap.
    await until('the replica has the event', async () => (await connect(replica, 'of-redis').xlen(logKey)) === 1);

    await primary.kill('SIGKILL');
    await until('the next primary takes events', () =>
      log.append(tasks('api-1', 2, 1)).then(
        () => true,
        () => false,
      ),
    );
    await recording.waitFor(({ entries }) => entries.length === 2, 'the event after the failover');
    expect(recording.entries).toEqual([taskCreated(1), taskCreated(2)]);
  }, 30_000);

  test('should be said to be away, or not to know the name, and be closed in that state', async () => {
    const { sentinel } = await startFlock();
    const errors: string[] = [];
    const log = open({
      url: sentinel.url,
      sentinel: { primaryName: 'other', password: 'of-sentinel' },
      onError: (error) => errors.push(String(error)),
    });
    await expect(log.tail()).rejects.toBeInstanceOf(LogUnavailableError);
    expect(errors[0]).toMatch(
      /The primary of Redis is not known: 127\.0\.0\.1:\d+: it watches no primary named "other"/,
    );
    await log.close();

    const nowhere = open({ url: 'redis://127.0.0.1:1', sentinel: { primaryName: 'main' } });
    await expect(nowhere.tail()).rejects.toBeInstanceOf(LogUnavailableError);
    const before = performance.now();
    await nowhere.close();
    expect(performance.now() - before).toBeLessThan(1000);
  }, 30_000);
});

describe('Cluster', () => {
  const slots = 16_384;
  /** Two nodes with half of the slots each. */
  async function startCluster() {
    // Not the usual bus port, ten thousand above: there may be no such port.
    const buses = (await freePorts(2)) as [number, number];
    const startNode = (bus: number) => start(['--cluster-enabled', 'yes', '--cluster-port', String(bus)]);
    const nodes = [await startNode(buses[0]), await startNode(buses[1])] as const;
    const [first, second] = [connect(nodes[0]), connect(nodes[1])];
    await first.call('CLUSTER', 'ADDSLOTSRANGE', 0, slots / 2 - 1);
    await second.call('CLUSTER', 'ADDSLOTSRANGE', slots / 2, slots - 1);
    await first.call('CLUSTER', 'MEET', '127.0.0.1', nodes[1].port, buses[1]);
    await until('the nodes are a Cluster', async () => {
      const states = await Promise.all([first, second].map((node) => node.call('CLUSTER', 'INFO') as Promise<string>));
      return states.every((state) => /cluster_state:ok/.test(state) && /cluster_known_nodes:2/.test(state));
    });
    return { nodes, clients: [first, second] as const };
  }

  test('should be entered at the node that has the log, whichever was asked', async () => {
    const { nodes, clients } = await startCluster();
    for (const node of nodes) {
      for (const api of ['boards', 'tasks']) {
        const log = open({ url: `redis://127.0.0.1:1,${node.url}`, isCluster: true, api });
        const recording = await record(log);
        await log.append(tasks(`api-${node.port}`, 1, 3));
        await recording.waitFor(({ entries }) => entries.length === 3, `the events of ${api}`);
      }
    }
    const keys = await Promise.all(clients.map((client) => client.keys('*:log')));
    expect(keys.flat().sort()).toEqual(['starling:{boards/0}:log', 'starling:{tasks/0}:log']);
  }, 30_000);

  test('should be followed when the log moves to another node', async () => {
    const { nodes, clients } = await startCluster();
    const log = open({ url: nodes[0].url, isCluster: true });
    const recording = await record(log);
    await log.append(tasks('api-1', 1, 1));
    await recording.waitFor(({ entries }) => entries.length === 1, 'the first event');

    const slot = (await clients[0].call('CLUSTER', 'KEYSLOT', logKey)) as number;
    const from = slot < slots / 2 ? 0 : 1;
    const to = 1 - from;
    const ids = await Promise.all(clients.map((client) => client.call('CLUSTER', 'MYID') as Promise<string>));
    await clients[to]!.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from]!);
    await clients[from].call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to]!);
    const keys = await clients[from].keys('*');
    await clients[from].call('MIGRATE', '127.0.0.1', nodes[to]!.port, '', 0, 5000, 'KEYS', ...keys);
    for (const node of [to, from]) await clients[node]!.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[to]!);

    await until('the other node takes events', () =>
      log.append(tasks('api-1', 2, 1)).then(
        () => true,
        () => false,
      ),
    );
    await recording.waitFor(({ entries }) => entries.length === 2, 'the event after the move');
    expect(recording.entries).toEqual([taskCreated(1), taskCreated(2)]);
  }, 30_000);
});

describe('TLS', () => {
  test('should be spoken with a server of an authority that is given, and not without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-redis-tls-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const names = [{ type: 7 as const, ip: '127.0.0.1' }];
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'redis' }], {
      extensions: [{ name: 'subjectAltName', altNames: names }],
    });
    await writeFile(join(folder, 'key.pem'), key);
    await writeFile(join(folder, 'cert.pem'), cert);
    const [port] = (await freePorts(1)) as [number];
    const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')];
    await start(['--tls-port', String(port), '--tls-auth-clients', 'no', '--requirepass', 'p@ss/word', ...files]);

    const url = `rediss://127.0.0.1:${port}`;
    const log = open({ url, ca: cert, password: 'p@ss/word' });
    await expect(log.append(tasks('api-1', 1, 1))).resolves.toHaveLength(1);
    const distrusting = open({ url, password: 'p@ss/word' });
    await expect(distrusting.append(tasks('api-1', 2, 1))).rejects.toBeInstanceOf(LogUnavailableError);
  }, 30_000);
});
