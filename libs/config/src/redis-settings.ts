import { readFileSync } from 'node:fs';
import { bool, str } from 'envalid';
import type { CleanedEnv } from 'envalid';
import { SettingsError } from './load-settings.js';
import { addresses } from './validators.js';

/** Settings of the Redis that holds the event log. */
export const redis = {
  REDIS_URL: addresses(
    'redis',
    'rediss',
  )({
    desc: 'Redis that holds the event log; rediss:// for TLS. For Sentinel the addresses of Sentinels, for Cluster those of some nodes, separated by commas; credentials and database are then those of the first.',
  }),
  REDIS_USERNAME: str({
    default: undefined,
    desc: "User of Redis's access lists, where REDIS_URL has none. Default: Redis's own default user.",
  }),
  REDIS_PASSWORD: str({
    default: undefined,
    desc: 'Password of Redis, where REDIS_URL has none: as it is, nothing in it escaped.',
  }),
  REDIS_SENTINEL_PRIMARY: str({
    default: undefined,
    desc: 'Name under which the Sentinels of REDIS_URL watch the primary. Default: REDIS_URL is Redis itself.',
  }),
  REDIS_SENTINEL_PASSWORD: str({ default: undefined, desc: "The Sentinels' own password." }),
  REDIS_CLUSTER: bool({
    default: false,
    desc: 'Whether REDIS_URL has nodes of a Redis Cluster. The log of an API is in one slot, so one of its primaries holds all of it.',
  }),
  REDIS_CA_FILE: str({
    default: undefined,
    desc: 'File with the certificates, PEM, of the authority behind rediss://. Default: those that Node trusts.',
  }),
};

/** Where Redis is, as the event log takes it. */
export interface RedisAddressSettings {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sentinel: { readonly primaryName: string; readonly password: string | undefined } | undefined;
  readonly isCluster: boolean;
  readonly ca: string | undefined;
}

/**
 * What the api and the gateway were told of Redis.
 *
 * @throws SettingsError with every contradiction among the settings, and for a file that can't be read
 */
export function redisAddress(settings: CleanedEnv<typeof redis>): RedisAddressSettings {
  const { REDIS_URL: url, REDIS_SENTINEL_PRIMARY: primaryName, REDIS_CLUSTER: isCluster } = settings;
  const faults: string[] = [];
  if (isCluster && primaryName !== undefined) {
    faults.push('REDIS_CLUSTER and REDIS_SENTINEL_PRIMARY are both set. Redis is one or the other: remove one.');
  }
  if (url.includes(',') && !isCluster && primaryName === undefined) {
    faults.push(
      'REDIS_URL has several addresses. Set REDIS_SENTINEL_PRIMARY if they are Sentinels, or REDIS_CLUSTER=true if they are nodes of a Cluster.',
    );
  }
  if (new Set(url.split(',').map((one) => new URL(one).protocol)).size > 1) {
    faults.push('REDIS_URL has addresses with TLS and without. Use redis:// or rediss:// for all of them.');
  }
  if (primaryName === undefined && settings.REDIS_SENTINEL_PASSWORD !== undefined) {
    faults.push(
      'REDIS_SENTINEL_PASSWORD is set without REDIS_SENTINEL_PRIMARY. Set that too if Redis is watched by Sentinels.',
    );
  }
  const ca = readAuthority(settings.REDIS_CA_FILE, url, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  return {
    url,
    username: settings.REDIS_USERNAME,
    password: settings.REDIS_PASSWORD,
    sentinel: primaryName === undefined ? undefined : { primaryName, password: settings.REDIS_SENTINEL_PASSWORD },
    isCluster,
    ca,
  };
}

function readAuthority(file: string | undefined, url: string, faults: string[]): string | undefined {
  if (file === undefined) return undefined;
  if (!url.startsWith('rediss://')) {
    faults.push('REDIS_CA_FILE is set, and REDIS_URL begins with redis://, which is without TLS. Use rediss://.');
  }
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    faults.push(`REDIS_CA_FILE: ${file} has no certificate in PEM.`);
  } catch (error) {
    faults.push(`REDIS_CA_FILE: ${file} can't be read: ${(error as Error).message}`);
  }
  return undefined;
}
