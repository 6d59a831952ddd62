import { Redis } from 'ioredis';
import { describe, expect, inject, onTestFinished, test } from 'vitest';

import { startRedisServer } from './redis-server.js';

function connect(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: (times) => Math.min(times * 20, 200) });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe('a Redis server for tests', () => {
  test('should be shared by the whole run under the provided address', async () => {
    await expect(connect(inject('redisUrl')).ping()).resolves.toBe('PONG');
  });

  test('should keep acknowledged writes over a kill when it is append-only', async () => {
    const server = await startRedisServer({ appendOnly: true });
    onTestFinished(() => server.stop());
    const before = server.pid;
    await connect(server.url).set('board', 'b1');
    await server.kill('SIGKILL');
    await server.restart();
    expect(server.pid).not.toBe(before);
    await expect(connect(server.url).get('board')).resolves.toBe('b1');
  });

  test('should say what Redis said when it cannot start', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.stop());
    await expect(startRedisServer({ port: server.port })).rejects.toThrow(/in use/i);
  });

  test('should stop twice without complaint', async () => {
    const server = await startRedisServer();
    await server.stop();
    await expect(server.stop()).resolves.toBeUndefined();
  });
});
