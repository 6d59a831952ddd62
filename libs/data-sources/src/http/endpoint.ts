import { isIP } from 'node:net';

import type { AddressPolicy } from './address-policy.js';

/**
 * Reads the configured base address of a data source: scheme, host, port and, where the service lives below one, a path.
 *
 * @throws RangeError for anything else in it, and for an address that the policy does not allow. Host names are checked when
 * they are resolved, at each connection.
 */
export function readEndpoint(endpoint: string, policy: AddressPolicy): URL {
  const url = URL.parse(endpoint);
  if (!url) throw new RangeError(`The HTTP endpoint "${endpoint}" is not a URL.`);
  // Without the URL from here on: what is wrong with it may be a password.
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RangeError(`The HTTP endpoint must begin with https:// or http://, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RangeError('The HTTP endpoint must not have a user name or password in it.');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new RangeError('The HTTP endpoint must have neither query nor fragment.');
  }
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !policy.isAllowed(address)) {
    throw new RangeError(
      `The HTTP endpoint ${address} is not on the public internet. Add ${address} to the addresses that are allowed if that is meant.`,
    );
  }
  return url;
}
