import type { ConnectionOptions } from 'node:tls';

import type { RedisOptions } from 'ioredis';

import { primaryOfCluster, primaryOfSentinel } from './locate-primary.js';
import { primaryConnector } from './primary-connector.js';

/** Where Redis is, and how it is entered. */
export interface RedisAddress {
  /**
   * `redis://` or `rediss://` address. For Sentinel those of the Sentinels, for Cluster those of some nodes, separated by commas;
   * credentials and database are then those of the first.
   */
  readonly url: string;
  /** Default: that of the address, else Redis's own default user. */
  readonly username?: string;
  /** Default: that of the address. */
  readonly password?: string;
  /** Default: the address is Redis itself. */
  readonly sentinel?: {
    /** The name under which they watch the primary. */
    readonly primaryName: string;
    /** The Sentinels' own. */
    readonly password?: string;
  };
  /** Default false: the address is Redis itself. */
  readonly isCluster?: boolean;
  /** Certificates of the authority behind `rediss://`, PEM. Default: those that Node trusts. */
  readonly ca?: string;
}

/** Redis's own port, and that of Sentinel. */
const defaultPorts = { redis: 6379, sentinel: 26_379 };

/**
 * What ioredis needs to know to reach the server that has `key`, and to find it again wherever it goes.
 *
 * A log has one hash slot, so even of a Cluster one server is all that a connection needs; a client for the whole Cluster would
 * take over the resending of commands, which the log does not allow.
 */
export function toRedisOptions(address: RedisAddress, key: string, timeoutMs: number): RedisOptions {
  const [url, ...others] = address.url.split(',').map((one) => new URL(one));
  if (!url) throw new RangeError('There is no address of a Redis.');
  const tls: ConnectionOptions | undefined =
    url.protocol === 'rediss:' ? { ...(address.ca === undefined ? {} : { ca: address.ca }) } : undefined;
  const reached: RedisOptions = {
    host: hostOf(url),
    port: Number(url.port) || defaultPorts.redis,
    username: decodeURIComponent(url.username) || address.username,
    password: decodeURIComponent(url.password) || address.password,
    db: Number(url.pathname.slice(1)) || 0,
    ...(tls ? { tls } : {}),
  };
  const { sentinel, isCluster } = address;
  if (!sentinel && !isCluster) return reached;

  const defaultPort = sentinel ? defaultPorts.sentinel : defaultPorts.redis;
  const endpoints = [url, ...others].map((one) => ({ host: hostOf(one), port: Number(one.port) || defaultPort }));
  const credentials = sentinel
    ? { password: sentinel.password }
    : { username: reached.username, password: reached.password };
  return {
    ...reached,
    Connector: primaryConnector({
      endpoints,
      options: { ...credentials, ...(tls ? { tls } : {}) },
      timeoutMs,
      locate: sentinel ? primaryOfSentinel(sentinel.primaryName) : primaryOfCluster(key),
    }),
  };
}

/** Without the brackets that an IPv6 address has in a URL. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
}
