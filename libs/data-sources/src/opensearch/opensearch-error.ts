import { STATUS_CODES } from 'node:http';

import { FieldError } from '#libs/protocol';

/** The service's name in types and texts of errors. */
export type SearchService = 'OpenSearch' | 'Elasticsearch';

/**
 * A status that is no success, as AppSync tells of it: a bad request is the resolver's fault, all else the service's. What
 * the service said names indexes and nodes, so it is for the log: the cause.
 */
export function refusedBySearch(service: SearchService, statusCode: number, body: Buffer): FieldError {
  const exception = statusCode >= 400 && statusCode < 500 ? 'UserIllegalArgumentException' : 'RuntimeException';
  const text = `${service} responded with an error: ${STATUS_CODES[statusCode] ?? statusCode}`;
  return new FieldError(text, `${service}:${exception}`, null, null, {
    cause: new Error(`HTTP ${statusCode}: ${body.subarray(0, 2000).toString()}`),
  });
}

/** A request without an answer, or with one that can't be read. Neither host nor reason is in the text. */
export function searchUnreachable(service: SearchService, cause: unknown): FieldError {
  const text = `Communication error while executing a request to ${service}.`;
  return new FieldError(text, `${service}:RuntimeException`, null, null, { cause });
}
