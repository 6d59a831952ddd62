import { lookup as lookUp } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { Agent } from 'undici';

import type { AddressPolicy } from './address-policy.js';

/** Finds all addresses of a host name; `dns.lookup` behind one signature. */
export type ResolveHost = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Every address of a name is one that may not be connected to. Names the addresses, so it is for the log only. */
export class AddressDeniedError extends Error {
  override readonly name = 'AddressDeniedError';
  readonly code = 'ERR_ADDRESS_DENIED';

  constructor(hostname: string, addresses: readonly string[]) {
    super(`${hostname} is ${addresses.join(', ')}, where HTTP data sources may not connect to unless it is allowed.`);
  }
}

/** Time to a connection, TLS included, in milliseconds: a host that is silent for longer is not there. */
const connectTimeoutMs = 5000;

/** Connections to one origin. Requests beyond wait for one, within their own time limit. */
const maxConnections = 256;

/**
 * An agent that connects only where the policy allows. The name is resolved once for each connection, and the connection
 * is made to the very addresses that were checked, so that a name server that answers otherwise the next time gains nothing.
 * Host names only: an endpoint that is an address never gets here and is to be checked by who takes it.
 *
 * It follows no redirects and takes no proxy from the environment.
 */
export function createGuardedAgent(policy: AddressPolicy, resolve: ResolveHost = resolveHost): Agent {
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => policy.isAllowed(address));
      const [first] = allowed;
      if (first === undefined) {
        return callback(
          new AddressDeniedError(
            hostname,
            addresses.map(({ address }) => address),
          ),
          [],
        );
      }
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
  return new Agent({
    connections: maxConnections,
    // NODE_TLS_REJECT_UNAUTHORIZED=0 must not turn this off: AppSync takes certificates of public authorities only.
    connect: { lookup, timeout: connectTimeoutMs, rejectUnauthorized: true },
  });
}

const resolveHost: ResolveHost = (hostname, callback) => {
  lookUp(hostname, { all: true }, (error, addresses) => callback(error, addresses ?? []));
};
