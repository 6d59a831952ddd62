import type { FastifyRequest } from 'fastify';
import { httpRequest, readCredentials } from '#libs/identity';
import type { Credentials } from '#libs/identity';

/** What a request says about itself. */
export function credentialsOf({ headers, sourceIp, method, url, body, id }: FastifyRequest): Credentials {
  const text = typeof body === 'string' ? body : '';
  return readCredentials(headers, sourceIp, httpRequest(method === 'GET' ? 'GET' : 'POST', url, text, id));
}
