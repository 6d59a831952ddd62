import { isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { IamAccess, WrittenPattern } from '#libs/identity';

/**
 * The patterns of an access file that match no field of the schema: misspelt, most likely. An `allow` of that kind lets nobody in,
 * and a `deny` keeps nothing back. What stands for every field is not among them.
 */
export function unmatchedPatterns({ patterns }: IamAccess, schema: GraphQLSchema): readonly WrittenPattern[] {
  const fields = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => [type.name, field] as const));
  return patterns.filter(({ isAll, matches }) => !isAll && !fields.some(([type, field]) => matches(type, field)));
}

/** Such patterns as an error for the log. Names them with their places; undefined where there are none. */
export function unmatchedPatternsError(access: IamAccess, schema: GraphQLSchema): Error | undefined {
  const unmatched = unmatchedPatterns(access, schema);
  if (unmatched.length === 0) return undefined;
  const shown = unmatched.slice(0, maxShown).map(({ line, place, text }) => `line ${line}, ${place}: "${text}"`);
  const rest = unmatched.length > maxShown ? ` and ${unmatched.length - maxShown} more` : '';
  return new Error(`No type has a field that these match: ${shown.join('; ')}${rest}.`);
}

/** Patterns that one record names. */
const maxShown = 20;
