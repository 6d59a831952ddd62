import type { FastifyRequest } from 'fastify';
import { readCredentials } from '#libs/identity';
import type { Credentials } from '#libs/identity';

/** What a request says about itself. Addresses: the peer's only; no proxy is trusted. */
export function credentialsOf(request: FastifyRequest): Credentials {
  return readCredentials(request.headers, [request.ip]);
}
