import type { Redis } from 'ioredis';

/** A server that can be asked. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What a server knows of the others. */
export interface Located {
  readonly primary: Endpoint;
  /** Further servers that can be asked next time. */
  readonly others: readonly Endpoint[];
}

/** Asks a server where the primary is. Rejects when it does not know. */
export type Locate = (redis: Redis, asked: Endpoint) => Promise<Located>;

/** Asks a Sentinel for the primary that it watches under the name. */
export function primaryOfSentinel(name: string): Locate {
  return async (redis) => {
    const found = (await redis.call('SENTINEL', 'get-master-addr-by-name', name)) as [string, string] | null;
    if (!found) throw new Error(`it watches no primary named "${name}"`);
    return { primary: { host: found[0], port: Number(found[1]) }, others: [] };
  };
}

/** A range of slots as CLUSTER SLOTS gives it: first, last, then its servers, the primary before its replicas. */
type SlotRange = readonly [first: number, last: number, ...servers: (readonly [host: string | null, port: number])[]];

/** Asks a node of a Cluster for the primary of the key's slot. */
export function primaryOfCluster(key: string): Locate {
  return async (redis, asked) => {
    const slot = (await redis.call('CLUSTER', 'KEYSLOT', key)) as number;
    const ranges = (await redis.call('CLUSTER', 'SLOTS')) as SlotRange[];
    // A node that does not know its own name says so by none: it is where it was asked.
    const toEndpoint = ([host, port]: readonly [string | null, number]) => ({ host: host || asked.host, port });
    const range = ranges.find(([first, last]) => first <= slot && slot <= last);
    const primary = range?.[2];
    if (!primary) throw new Error(`nobody has slot ${slot}`);
    return {
      primary: toEndpoint(primary),
      others: ranges.flatMap(([, , ...servers]) => servers.map(toEndpoint)),
    };
  };
}
