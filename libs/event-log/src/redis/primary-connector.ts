import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

import { AbstractConnector, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

import type { Endpoint, Locate } from './locate-primary.js';
import { retryDelayMs } from './retry-delay.js';

export interface PrimarySearch {
  /** Servers that can be asked, at first. */
  readonly endpoints: readonly Endpoint[];
  /** Credentials and TLS for them. */
  readonly options: RedisOptions;
  /** Longest wait for one of them, in milliseconds. */
  readonly timeoutMs: number;
  readonly locate: Locate;
}

/**
 * How ioredis gets its socket when the address of Redis may change: each connection begins with the question where the primary is
 * now. Asks again, with growing pauses, until somebody knows or the connection is closed.
 */
export function primaryConnector(options: PrimarySearch): NonNullable<RedisOptions['Connector']> {
  // What was heard of later, besides: all that was given may be gone one day.
  const search = { ...options, known: options.endpoints };
  return class extends AbstractConnector {
    readonly #options: RedisOptions;
    #search = new AbortController();

    constructor(redis: unknown) {
      const given = redis as RedisOptions;
      super(given.disconnectTimeout ?? search.timeoutMs);
      this.#options = given;
    }

    /** False for a server that was demoted since somebody called it the primary. */
    override check({ role }: { role?: string }): boolean {
      return role === undefined || role === 'master';
    }

    override async connect(emit: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      this.#search = new AbortController();
      const { signal } = this.#search;
      const { host, port } = await findPrimary(search, signal, (error) => emit('error', error));
      const { tls } = this.#options;
      const stream = tls ? connectTls({ host, port, ...tls }) : connectTcp({ host, port });
      stream.once('error', (error) => (this.firstError = error));
      this.stream = stream;
      return stream;
    }

    override disconnect(): void {
      this.#search.abort();
      super.disconnect();
    }
  };
}

/** What ioredis rejects with, and keeps to itself, when a connection is closed before it is there. */
const closedMessage = 'Connection is closed.';

async function findPrimary(
  search: PrimarySearch & { known: readonly Endpoint[] },
  signal: AbortSignal,
  onError: (error: Error) => void,
): Promise<Endpoint> {
  for (let round = 1; ; round += 1) {
    let failure: unknown;
    for (const endpoint of search.known) {
      try {
        const { primary, others } = await ask(search, endpoint);
        if (signal.aborted) throw new Error(closedMessage);
        search.known = search.endpoints.concat(others);
        return primary;
      } catch (error) {
        if (signal.aborted) throw new Error(closedMessage, { cause: error });
        failure = error;
      }
    }
    const reason = failure instanceof Error ? failure.message : String(failure);
    onError(new Error(`The primary of Redis is not known: ${reason}`, { cause: failure }));
    await sleep(retryDelayMs(round), undefined, { signal }).catch((cause: unknown) => {
      throw new Error(closedMessage, { cause });
    });
  }
}

async function ask({ options, timeoutMs, locate }: PrimarySearch, endpoint: Endpoint) {
  const redis = new Redis({
    ...options,
    ...endpoint,
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    connectionName: 'starling-search',
  });
  let reason: Error | undefined;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    return await locate(redis, endpoint);
  } catch (error) {
    // ioredis' own error says only that the connection is closed.
    const text = reason?.message ?? (error as Error).message;
    throw new Error(`${endpoint.host}:${endpoint.port}: ${text}`, { cause: error });
  } finally {
    redis.disconnect();
  }
}
