import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { FieldError } from '#libs/protocol';

/**
 * Exceptions with a class of their own in AWS's client: their name is the errorType. Others, `ValidationException` above
 * all, are AppSync's `DynamoDB:DynamoDbException`, with the code in the text.
 */
const namedExceptions: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'IdempotentParameterMismatchException',
  'InternalServerError',
  'ItemCollectionSizeLimitExceededException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ResourceInUseException',
  'ResourceNotFoundException',
  'ThrottlingException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/**
 * A failed request as the client is told of it (AppSync reference, sections 8.2 and 9). The cause has all that DynamoDB or
 * the network said, for the log.
 *
 * DynamoDB's own words reach the client where they are about the request. Refused credentials and faults of the service are
 * not: their texts name accounts, roles and hosts.
 *
 * @returns undefined for an error that is neither DynamoDB's nor the network's: a bug, to be thrown as it is
 */
export function toFieldError(error: unknown): FieldError | undefined {
  if (error instanceof DynamoDBServiceException) return toServiceError(error);
  if (!(error instanceof Error) || isProgrammingError(error)) return undefined;
  const text =
    error.name === 'TimeoutError'
      ? 'The request to DynamoDB timed out.'
      : 'The request to DynamoDB could not be carried out.';
  return new FieldError(text, 'DynamoDB:SdkClientException', null, null, { cause: error });
}

function toServiceError(error: DynamoDBServiceException): FieldError {
  const isNamed = namedExceptions.has(error.name);
  const { httpStatusCode, requestId } = error.$metadata;
  const isAboutRequest = (isNamed || error.name === 'ValidationException') && error.$fault === 'client';
  const text = isAboutRequest && error.message !== '' ? error.message : 'The request failed';
  const detail = [
    'Service: AmazonDynamoDBv2',
    `Status Code: ${httpStatusCode ?? 'unknown'}`,
    `Error Code: ${error.name}`,
    `Request ID: ${requestId ?? 'unknown'}`,
  ].join('; ');
  const errorType = `DynamoDB:${isNamed ? error.name : 'DynamoDbException'}`;
  return new FieldError(`${text} (${detail})`, errorType, null, null, { cause: error });
}

/** The network's errors carry a `code`; what the language raises by itself does not. */
function isProgrammingError(error: Error): boolean {
  return (
    !('code' in error) && (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
  );
}
