import { GraphQLScalarType, Kind } from 'graphql';
import { literalError, parseError, serializeError } from './scalar-errors.js';

const expected = 'a valid timestamp';

/** Whole seconds since 1970-01-01T00:00Z, before it negative. As far as JSON numbers are exact. */
export const awsTimestamp = new GraphQLScalarType<number, number>({
  name: 'AWSTimestamp',
  description: 'Seconds before or after `1970-01-01T00:00Z`, a whole number.',
  parseValue(value) {
    if (!Number.isSafeInteger(value)) throw parseError(value, expected);
    return value as number;
  },
  parseLiteral(node) {
    if (node.kind !== Kind.INT || !Number.isSafeInteger(Number(node.value))) throw literalError(node, expected);
    return Number(node.value);
  },
  serialize(value) {
    if (!Number.isSafeInteger(value)) throw serializeError(value, expected);
    return value as number;
  },
});
