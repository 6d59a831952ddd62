import { GraphQLScalarType, Kind } from 'graphql';
import { literalError, parseError, serializeError } from './scalar-errors.js';

interface TextScalarOptions {
  readonly name: string;
  readonly description: string;
  /** How errors call a value: `Unable to parse … as <expected>.` */
  readonly expected: string;
  /** Must take time linear in the length of the text. */
  readonly isValid: (text: string) => boolean;
}

/** A scalar that is a text of some form, in and out. Values travel as they were given, without normalisation. */
export function textScalar({
  name,
  description,
  expected,
  isValid,
}: TextScalarOptions): GraphQLScalarType<string, string> {
  const isText = (value: unknown): value is string => typeof value === 'string' && isValid(value);
  return new GraphQLScalarType<string, string>({
    name,
    description,
    parseValue(value) {
      if (!isText(value)) throw parseError(value, expected);
      return value;
    },
    parseLiteral(node) {
      if (node.kind !== Kind.STRING || !isValid(node.value)) throw literalError(node, expected);
      return node.value;
    },
    serialize(value) {
      if (!isText(value)) throw serializeError(value, expected);
      return value;
    },
  });
}
