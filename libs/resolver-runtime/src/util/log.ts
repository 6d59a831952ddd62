import { printValue } from '../print-value.js';
import type { LogLevel } from '../run.js';
import { isList } from '../values.js';
import type { Argument, UtilCall, UtilFunction, UtilNamespace } from './util-function.js';

/** The format with each `{}` replaced by the next value. */
function formatMessage({ budget }: UtilCall, format: Argument, values: readonly Argument[]): string {
  const only = values[0];
  const remaining = [...(values.length === 1 && isList(only) ? only : values)];
  const message = printValue(format ?? null, budget).replace(/\{\}/g, (placeholder) =>
    remaining.length === 0 ? placeholder : printValue(remaining.shift() ?? null, budget),
  );
  budget.spend(message.length);
  return message;
}

function logAt(level: LogLevel): UtilFunction {
  return (call, format, ...values) => {
    call.run.log?.(level, formatMessage(call, format, values));
    return '';
  };
}

/** `util.log.*`: a value, or a format with `{}` and its values. Goes to the run's log. */
export const logFunctions: UtilNamespace = Object.freeze({
  info: logAt('info'),
  debug: logAt('debug'),
  error: logAt('error'),
});
