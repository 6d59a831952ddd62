import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSettings } from './load-settings.js';
import { redis, redisAddress } from './redis-settings.js';

const load = (environment: Record<string, string>) => redisAddress(loadSettings(redis, environment));

async function writeCertificate(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-redis-settings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'ca.crt');
  await writeFile(file, text);
  return file;
}

describe('the settings of Redis', () => {
  it('should be one address', () => {
    expect(load({ REDIS_URL: 'redis://redis.example:6379/' })).toEqual({
      url: 'redis://redis.example:6379',
      isCluster: false,
    });
  });

  it('should be Sentinels', () => {
    const settings = {
      REDIS_URL: 'redis://a:26379, redis://b:26379',
      REDIS_USERNAME: 'starling',
      REDIS_PASSWORD: 'p@ss',
      REDIS_SENTINEL_PRIMARY: 'main',
      REDIS_SENTINEL_PASSWORD: 's',
    };
    expect(load(settings)).toEqual({
      url: 'redis://a:26379,redis://b:26379',
      username: 'starling',
      password: 'p@ss',
      sentinel: { primaryName: 'main', password: 's' },
      isCluster: false,
    });
  });

  it('should be a Cluster, with TLS of an authority of its own', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const file = await writeCertificate(ca);
    expect(load({ REDIS_URL: 'rediss://a,rediss://b', REDIS_CLUSTER: 'true', REDIS_CA_FILE: file })).toEqual({
      url: 'rediss://a,rediss://b',
      isCluster: true,
      ca,
    });
  });

  it.each([
    [
      'an address of another scheme',
      { REDIS_URL: 'redis://a,http://b' },
      /REDIS_URL must be an address that begins with redis:/,
    ],
    [
      'several addresses of neither',
      { REDIS_URL: 'redis://a,redis://b' },
      /Set REDIS_SENTINEL_PRIMARY if .* REDIS_CLUSTER=true/,
    ],
    ['both', { REDIS_URL: 'redis://a', REDIS_CLUSTER: 'true', REDIS_SENTINEL_PRIMARY: 'm' }, /both set/],
    ['TLS for some', { REDIS_URL: 'redis://a,rediss://b', REDIS_CLUSTER: 'true' }, /with TLS and without/],
    [
      'a password of no Sentinel',
      { REDIS_URL: 'redis://a', REDIS_SENTINEL_PASSWORD: 's' },
      /without REDIS_SENTINEL_PRIMARY/,
    ],
    [
      'an authority of nothing',
      { REDIS_URL: 'redis://a', REDIS_CA_FILE: '/nowhere' },
      /without TLS\. Use rediss[^]*\/nowhere can't be read/,
    ],
  ])('should be refused: %s', (_, settings, sentence) => {
    expect(() => load(settings)).toThrow(sentence);
  });

  it('should be refused with a file that has no certificate', async () => {
    const file = await writeCertificate('nothing');
    expect(() => load({ REDIS_URL: 'rediss://a', REDIS_CA_FILE: file })).toThrow(/has no certificate in PEM/);
  });

  it('should not quote a password', () => {
    expect(() => load({ REDIS_URL: 'http://:s3cret@a,redis://:s3cret@b' })).toThrow(/^(?![^]*s3cret)/);
  });
});
