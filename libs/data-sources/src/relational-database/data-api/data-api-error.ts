import { RDSDataServiceException } from '@aws-sdk/client-rds-data';
import type { FieldError } from '#libs/protocol';

import { databaseUnreachable, rdsError } from '../rds-error.js';

/** Refusals that are about the statement, so that their texts are for clients. Others name roles, secrets and clusters. */
const publicRefusals: ReadonlySet<string> = new Set([
  'BadRequestException',
  'DatabaseErrorException',
  'DatabaseResumingException',
  'StatementTimeoutException',
  'UnsupportedResultException',
]);

/**
 * A failed request as the client is told of it: the Data API's status and text. The cause has all that it or the network
 * said.
 *
 * @returns undefined for an error that is neither's: a bug, to be thrown as it is
 */
export function toDataApiError(error: unknown): FieldError | undefined {
  if (error instanceof RDSDataServiceException) return toServiceError(error);
  if (!(error instanceof Error) || isProgrammingError(error)) return undefined;
  return databaseUnreachable(error);
}

function toServiceError(error: RDSDataServiceException): FieldError {
  // A secret that can't be read is a bad request too, with its ARN in the text.
  const isPublic = publicRefusals.has(error.name) && error.message !== '' && !error.message.includes('arn:');
  const status = error.$metadata.httpStatusCode ?? (error.$fault === 'client' ? 400 : 500);
  return rdsError(status, isPublic ? error.message : 'The request failed.', error);
}

/** The client adds `$metadata` to what it fails to read, and the network's errors carry a `code`; the language's have neither. */
function isProgrammingError(error: Error): boolean {
  const isLanguageError = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isLanguageError && !('code' in error) && !('$metadata' in error);
}
