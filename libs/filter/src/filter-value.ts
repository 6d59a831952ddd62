import type { JsonValue } from '#libs/protocol';

/**
 * What a rule compares a field with. A filter document gives a string, a number, a boolean, or a list of strings and
 * numbers; null, objects and other lists come from the arguments of a subscription only.
 */
export type FilterValue = JsonValue;
