import { FieldError, isJsonObject } from '#libs/protocol';

import { isPlainErrorName } from './plain-error-names.js';

/** Text of AppSync for errors of this type, whatever the function says: clients match on it. */
const unauthorizedText = 'You are not authorized to make this call.';

/**
 * What a function raised, as the client is told of it (AppSync reference, section 8.3): `Lambda:Unhandled`, unless the error
 * has a name that someone chose for it. Its stack stays in the cause, for the log.
 */
export function toFunctionError(payload: string): FieldError {
  const { errorType, errorMessage } = readFailure(payload);
  const cause = new Error(`The function failed: ${payload.slice(0, 2000)}`);
  if (errorType === 'UnauthorizedException') return new FieldError(unauthorizedText, errorType, null, null, { cause });
  const type = errorType === undefined || isPlainErrorName(errorType) ? 'Lambda:Unhandled' : errorType;
  return new FieldError(errorMessage ?? 'The function failed.', type, null, null, { cause });
}

function readFailure(payload: string): { errorType?: string; errorMessage?: string } {
  try {
    const failure: unknown = JSON.parse(payload);
    if (!isJsonObject(failure)) return {};
    const { errorType, errorMessage } = failure;
    return {
      errorType: typeof errorType === 'string' && errorType !== '' ? errorType : undefined,
      errorMessage: typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : undefined,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A payload or an answer that is not what the operation needs. */
export function illegalArgument(message: string, options?: ErrorOptions): FieldError {
  return new FieldError(message, 'Lambda:IllegalArgument', null, null, options);
}

/** The answer did not come in time. */
export function executionTimeout(cause: unknown): FieldError {
  return new FieldError('Execution timed out.', 'Lambda:ExecutionTimeoutException', null, null, { cause });
}

/** The function could not be asked, or its answer broke off. Where it is is in the cause only. */
export function unreachable(cause: unknown): FieldError {
  return new FieldError('The function could not be invoked.', 'Lambda:SdkClientException', null, null, { cause });
}
