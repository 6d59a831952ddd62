import { FieldError } from '#libs/protocol';

import { DeadlineError } from '../deadline.js';
import { AddressDeniedError } from './guarded-agent.js';
import { ResponseTooLargeError } from './response-too-large-error.js';

/** What AppSync calls the exception in its own log; the guide gives no type for these. */
const errorType = 'HttpRequestException';

/**
 * A request without an answer as the client is told of it. Any HTTP status is an answer, so these are faults of the network,
 * of the bounds, or an address that may not be reached. Neither host nor address is in the text; the cause has both.
 *
 * @returns undefined for an error that is none of these: a bug, to be thrown as it is
 */
export function toHttpError(error: unknown): FieldError | undefined {
  const text = describe(error);
  return text === undefined ? undefined : new FieldError(text, errorType, null, null, { cause: error });
}

/** A request that could not be signed: no credentials, most of all. */
export function toSigningError(error: unknown): FieldError {
  return new FieldError('The HTTP request could not be signed.', errorType, null, null, { cause: error });
}

function describe(error: unknown): string | undefined {
  if (error instanceof AddressDeniedError) return 'The HTTP request leads to an address that is not allowed.';
  if (error instanceof DeadlineError) return 'The HTTP request timed out.';
  if (error instanceof ResponseTooLargeError) return `The HTTP response is larger than ${error.maxBytes} bytes.`;
  // undici, the sockets, TLS and zlib give each of their errors a code; what the language raises by itself has none.
  if (error instanceof Error && 'code' in error) return 'The HTTP request could not be carried out.';
  return undefined;
}
