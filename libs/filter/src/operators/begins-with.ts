import type { Operator } from '../operator.js';

/** `beginsWith`: the field is a string that starts with the value. Case-sensitive, as in AppSync. */
export const beginsWith: Operator<string> = Object.freeze({
  name: 'beginsWith',
  accepts: (value) => typeof value === 'string',
  matches: (field, value) => typeof field === 'string' && field.startsWith(value),
} satisfies Operator<string>);
