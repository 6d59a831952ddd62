import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ensureRedisBinary, freePorts } from '#libs/testing';
import { render, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

const trial = (more: Values = {}): Values => ({ redis: { url: '', trial: { enabled: true, ...more } } });

describe('a Redis of your own', { timeout: toolTimeoutMs }, () => {
  it.each<[string, Values, Record<string, unknown>]>([
    ['an address', { url: 'redis://redis.example:6379' }, { REDIS_URL: 'redis://redis.example:6379' }],
    [
      'a Secret with the address',
      { url: '', existingSecret: 'redis' },
      { REDIS_URL: { secretKeyRef: { name: 'redis', key: 'redisUrl' } } },
    ],
    [
      'Sentinels',
      { url: 'redis://a:6379,redis://b:6379', sentinel: { primaryName: 'main' } },
      { REDIS_URL: 'redis://a:6379,redis://b:6379', REDIS_SENTINEL_PRIMARY: 'main' },
    ],
    [
      'nodes of a Cluster',
      { url: 'redis://a:6379,redis://b:6379', cluster: true },
      { REDIS_URL: 'redis://a:6379,redis://b:6379', REDIS_CLUSTER: 'true' },
    ],
  ])('should be given by %s, and none be made', async (_, redis, settings) => {
    const rendered = await render({ redis });
    for (const component of ['api', 'gateway']) {
      const given = Object.entries(rendered.env(component)).filter(([name]) => name.startsWith('REDIS_'));
      expect(Object.fromEntries(given)).toEqual(settings);
    }
    expect(rendered.find('StatefulSet', '-redis')).toBeUndefined();
    expect(rendered.find('Service', '-redis')).toBeUndefined();
  });
});

describe('the Redis of a trial', { timeout: toolTimeoutMs }, () => {
  it('should be found by api and gateway', async () => {
    const rendered = await render(trial());
    expect(rendered.env('api')).toMatchObject({ REDIS_URL: 'redis://flock-starling-redis:6379' });
    const { selector, ports } = rendered.one('Service', '-redis').spec;
    expect(ports).toMatchObject([{ port: 6379, targetPort: 'redis' }]);
    expect(rendered.pod('redis').metadata.labels).toMatchObject(selector);
  });

  it('should keep its file on a volume, or forget it', async () => {
    const kept = await render(trial({ persistence: { size: '5Gi', storageClass: 'fast' } }));
    expect(kept.one('StatefulSet', '-redis').spec.volumeClaimTemplates).toMatchObject([
      { spec: { storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } } },
    ]);
    const forgotten = await render(trial({ persistence: { enabled: false } }));
    expect(forgotten.one('StatefulSet', '-redis').spec).not.toHaveProperty('volumeClaimTemplates');
    expect(forgotten.pod('redis').spec.volumes).toEqual([{ name: 'data', emptyDir: {} }]);
  });

  it('should start as it is told, keep a journal, refuse rather than forget, and ask for its password', async () => {
    const password = { existingSecret: 'redis-password' };
    const rendered = await render({ redis: { url: '', password, trial: { enabled: true, maxMemory: '64mb' } } });
    const container = rendered.container('redis');
    const reference = { secretKeyRef: { name: 'redis-password', key: 'password' } };
    expect(container.env).toEqual([{ name: 'REDIS_PASSWORD', valueFrom: reference }]);
    expect(rendered.env('gateway')).toMatchObject({ REDIS_PASSWORD: reference });

    const folder = await mkdtemp(path.join(tmpdir(), 'starling-chart-redis-'));
    const [port] = (await freePorts(1)) as [number];
    const args = container.args.map((arg) =>
      arg === '/data' ? folder : arg.replace('$(REDIS_PASSWORD)', 'of-this-test'),
    );
    const server = execFile(await ensureRedisBinary(), [...args, '--port', String(port)]);
    const redis = new Redis({ port, password: 'of-this-test', retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    onTestFinished(async () => {
      redis.disconnect();
      server.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });
    await vi.waitFor(() => expect(redis.status).toBe('ready'), 10_000);
    const settings = await redis.config('GET', 'append*', 'save', 'maxmemory*', 'protected-mode');
    expect(settings).toEqual(
      expect.arrayContaining(['appendonly', 'yes', 'everysec', 'noeviction', String(64 * 1024 * 1024)]),
    );
    expect(settings[settings.indexOf('save') + 1]).toBe('');
    const stranger = new Redis({
      port,
      protocol: 2,
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    stranger.on('error', () => undefined);
    onTestFinished(() => stranger.disconnect());
    await expect(stranger.connect().then(() => stranger.ping())).rejects.toThrow(/NOAUTH/);
  });
});
