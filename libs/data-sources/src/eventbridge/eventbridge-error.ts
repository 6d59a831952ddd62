import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { FieldError } from '#libs/protocol';

/** Refusals that are about the events, so that their texts are for clients. Others name accounts, roles and buses. */
const publicRefusals: ReadonlySet<string> = new Set(['ThrottlingException', 'ValidationException']);

/**
 * A failed request as the client is told of it. The exception's name is the errorType, as with AppSync's other data sources.
 * The cause has all that EventBridge or the network said, for the log.
 *
 * @returns undefined for an error that is neither's: a bug, to be thrown as it is
 */
export function toEventBridgeError(error: unknown): FieldError | undefined {
  if (error instanceof EventBridgeServiceException) return toServiceError(error);
  if (!(error instanceof Error) || isProgrammingError(error)) return undefined;
  const text =
    error.name === 'TimeoutError'
      ? 'The request to EventBridge timed out.'
      : 'The request to EventBridge could not be carried out.';
  return new FieldError(text, 'EventBridge:SdkClientException', null, null, { cause: error });
}

function toServiceError(error: EventBridgeServiceException): FieldError {
  const { httpStatusCode, requestId } = error.$metadata;
  const text = publicRefusals.has(error.name) && error.message !== '' ? error.message : 'The request failed';
  const detail = [
    'Service: EventBridge',
    `Status Code: ${httpStatusCode ?? 'unknown'}`,
    `Error Code: ${error.name}`,
    `Request ID: ${requestId ?? 'unknown'}`,
  ].join('; ');
  return new FieldError(`${text} (${detail})`, `EventBridge:${error.name}`, null, null, { cause: error });
}

/** The client adds `$metadata` to what it fails to read, and the network's errors carry a `code`; the language's have neither. */
function isProgrammingError(error: Error): boolean {
  const isLanguageError = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isLanguageError && !('code' in error) && !('$metadata' in error);
}
