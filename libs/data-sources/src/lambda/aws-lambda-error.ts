import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { FieldError } from '#libs/protocol';

import { DeadlineError } from '../deadline.js';
import { executionTimeout, illegalArgument, unreachable } from './lambda-error.js';

/** Refusals that are about the invocation itself, so that their texts are for clients. Others name accounts and roles. */
const publicRefusals: ReadonlySet<string> = new Set([
  'InvalidRequestContentException',
  'RequestTooLargeException',
  'TooManyRequestsException',
]);

/**
 * An invocation that Lambda or the network refused, as the client is told of it. AppSync reports Lambda's refusals, throttling
 * among them, as `Lambda:IllegalArgument`.
 *
 * @returns undefined for an error that is neither's: a bug, to be thrown as it is
 */
export function toInvokeError(error: unknown): FieldError | undefined {
  if (error instanceof DeadlineError) return executionTimeout(error);
  if (error instanceof LambdaServiceException) return toServiceError(error);
  if (!(error instanceof Error) || isProgrammingError(error)) return undefined;
  return unreachable(error);
}

function toServiceError(error: LambdaServiceException): FieldError {
  const { httpStatusCode, requestId } = error.$metadata;
  const text = publicRefusals.has(error.name) && error.message !== '' ? error.message : 'The request failed';
  const detail = [
    'Service: AWSLambda',
    `Status Code: ${httpStatusCode ?? 'unknown'}`,
    `Error Code: ${error.name}`,
    `Request ID: ${requestId ?? 'unknown'}`,
  ].join('; ');
  const message = `${text} (${detail})`;
  if (error.$fault === 'client') return illegalArgument(message, { cause: error });
  return new FieldError(message, 'Lambda:ServiceException', null, null, { cause: error });
}

/** The client adds `$metadata` to what it fails to read, and the network's errors carry a `code`; the language's have neither. */
function isProgrammingError(error: Error): boolean {
  const isLanguageError = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isLanguageError && !('code' in error) && !('$metadata' in error);
}
