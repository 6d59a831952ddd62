import { FieldError } from '#libs/protocol';

/** What AWS's clients throw for an answer that is an error; each service has its own class of them. */
interface AwsException extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** A service whose failures become field errors. */
export interface AwsService {
  /** Begins the errorType, and names the service in the texts: `EventBridge`. */
  readonly name: string;
  /** The class of the service's own errors. */
  readonly exception: abstract new (...args: never[]) => AwsException;
  /** Names of errors that are about the request, so that their texts are for clients. Others name accounts and roles. */
  readonly publicRefusals: ReadonlySet<string>;
}

/**
 * A failed request as the client is told of it: the errorType is `<service>:<name of the exception>`, as AppSync has it for
 * DynamoDB. The cause has all that the service or the network said, for the log.
 *
 * @returns undefined for an error that is neither's: a bug, to be thrown as it is
 */
export function toAwsError(error: unknown, service: AwsService): FieldError | undefined {
  if (error instanceof service.exception) return toServiceError(error, service);
  if (!(error instanceof Error) || isProgrammingError(error)) return undefined;
  const outcome = isTimeout(error) ? 'timed out' : 'could not be carried out';
  return new FieldError(
    `The request to ${service.name} ${outcome}.`,
    `${service.name}:SdkClientException`,
    null,
    null,
    { cause: error },
  );
}

function toServiceError(error: AwsException, { name, publicRefusals }: AwsService): FieldError {
  const { httpStatusCode, requestId } = error.$metadata;
  const text = publicRefusals.has(error.name) && error.message !== '' ? error.message : 'The request failed';
  const detail = [
    `Service: ${name}`,
    `Status Code: ${httpStatusCode ?? 'unknown'}`,
    `Error Code: ${error.name}`,
    `Request ID: ${requestId ?? 'unknown'}`,
  ].join('; ');
  return new FieldError(`${text} (${detail})`, `${name}:${error.name}`, null, null, { cause: error });
}

/** The client calls connections that were cut time-outs as well. */
function isTimeout(error: Error & { readonly code?: unknown }): boolean {
  return error.name === 'TimeoutError' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE';
}

/** The client adds `$metadata` to what it fails to read, and the network's errors carry a `code`; the language's have neither. */
function isProgrammingError(error: Error): boolean {
  const isLanguageError = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isLanguageError && !('code' in error) && !('$metadata' in error);
}
