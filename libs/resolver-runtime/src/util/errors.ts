import { FieldError } from '#libs/protocol';
import { printValue } from '../print-value.js';
import { snapshot } from '../snapshot.js';
import type { Argument, UtilCall, UtilNamespace } from './util-function.js';

/** errorType of `util.validate` when none is given. */
const validationErrorType = 'CustomTemplateException';

function createError(
  { budget }: UtilCall,
  message: Argument,
  type: Argument,
  data: Argument,
  info: Argument,
): FieldError {
  return new FieldError(
    printValue(message ?? null, budget),
    type === null || type === undefined ? null : printValue(type, budget),
    snapshot(data ?? null, budget),
    snapshot(info ?? null, budget),
  );
}

/** `util.error`, `appendError`, `validate` and `unauthorized`: (message, type?, data?, errorInfo?). */
export const errorFunctions: UtilNamespace = Object.freeze({
  error: (call, message, type, data, info) => {
    throw createError(call, message, type, data, info);
  },
  appendError: (call, message, type, data, info) => {
    call.run.effects.errors.push(createError(call, message, type, data, info));
    return '';
  },
  validate: (call, condition, message, type, data) => {
    if (condition !== true) {
      throw createError(call, message, type ?? validationErrorType, data, null);
    }
    return '';
  },
  unauthorized: ({ ctx }) => {
    const { fieldName, parentTypeName } = ctx.info;
    throw new FieldError(`Not Authorized to access ${fieldName} on type ${parentTypeName}`, 'Unauthorized');
  },
});
