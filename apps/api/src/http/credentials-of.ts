import type { FastifyRequest } from 'fastify';
import { readCredentials } from '#libs/identity';
import type { Credentials } from '#libs/identity';

/** What a request says about itself. */
export function credentialsOf(request: FastifyRequest): Credentials {
  const queryAt = request.url.indexOf('?');
  return readCredentials(request.headers, request.sourceIp, {
    kind: 'operation',
    method: request.method === 'GET' ? 'GET' : 'POST',
    path: queryAt < 0 ? request.url : request.url.slice(0, queryAt),
    queryString: queryAt < 0 ? '' : request.url.slice(queryAt + 1),
    body: typeof request.body === 'string' ? request.body : '',
    requestId: request.id,
  });
}
