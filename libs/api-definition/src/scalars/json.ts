import { GraphQLScalarType, Kind } from 'graphql';
import { literalError, parseError, serializeError } from './scalar-errors.js';

const expected = 'valid JSON';

/**
 * A text on the wire that holds any JSON. Resolvers get an argument parsed; what they return is written as JSON text. A text that
 * is JSON already passes as it is (a Lambda function answers so); any other text becomes a JSON string.
 */
export const awsJson = new GraphQLScalarType<unknown, string>({
  name: 'AWSJSON',
  description: 'A JSON text. Resolvers see the value that it holds.',
  parseValue(value) {
    const parsed = typeof value === 'string' ? parseJson(value) : undefined;
    if (!parsed) throw parseError(value, expected);
    return parsed.value;
  },
  parseLiteral(node) {
    const parsed = node.kind === Kind.STRING ? parseJson(node.value) : undefined;
    if (!parsed) throw literalError(node, expected);
    return parsed.value;
  },
  serialize(value) {
    if (typeof value === 'string' && parseJson(value)) return value;
    const text = writeJson(value);
    if (text === undefined) throw serializeError(typeof value, expected);
    return text;
  },
});

/** Undefined for a text that is no JSON; wrapped, because JSON's own null is a value. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Undefined for what JSON cannot say: functions, cycles, big integers. */
function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
