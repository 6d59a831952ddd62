import { GraphQLError, print } from 'graphql';
import type { ValueNode } from 'graphql';

/** Longest piece of a refused value that an error repeats, in characters. */
const maxShown = 200;

/** An input that is no value of the scalar. AppSync puts `Variable 'x' has an invalid value. ` in front. */
export function parseError(value: unknown, expected: string): GraphQLError {
  return new GraphQLError(`Unable to parse ${show(value)} as ${expected}.`);
}

/** As `parseError`, for a literal in the query. */
export function literalError(node: ValueNode, expected: string): GraphQLError {
  return new GraphQLError(`Unable to parse ${quote(print(node))} as ${expected}.`, { nodes: node });
}

/** A resolver's result that is no value of the scalar. AppSync puts `Can't serialize value (/path) : ` in front. */
export function serializeError(value: unknown, expected: string): GraphQLError {
  return new GraphQLError(`Unable to serialize ${show(value)} as ${expected}.`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return quote(JSON.stringify(value) ?? typeof value);
}

function quote(text: string): string {
  return `\`${text.length > maxShown ? `${text.slice(0, maxShown)}…` : text}\``;
}
