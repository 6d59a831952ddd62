import type { ServerResponse } from 'node:http';
import type { RequestError } from '#libs/protocol';
import { retryAfterS } from '../admission.js';

/** Answers in AppSync's shape, as the api would. What has not come of the request is not read: its connection is closed. */
export function answerRefusal(
  response: ServerResponse,
  error: RequestError,
  headers: Readonly<Record<string, string>>,
): void {
  const body = JSON.stringify({ errors: [{ errorType: error.errorType, message: error.message }] });
  response.writeHead(error.status, {
    ...headers,
    ...(error.definition.retryable && { 'retry-after': String(retryAfterS) }),
    ...(!response.req.complete && { connection: 'close' }),
    ...(error.status === 405 && { allow: 'GET, POST, OPTIONS' }),
    'x-amzn-errortype': error.errorType,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
