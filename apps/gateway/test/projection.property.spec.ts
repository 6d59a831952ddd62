import fc from 'fast-check';
import { buildSchema, execute, getOperationAST, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import { fragmentsOf, selectedFields } from '#libs/execution';
import type { JsonValue } from '#libs/protocol';
import { compileProjection } from '../src/fanout/projection.js';
import type { Projection } from '../src/fanout/projection.js';
import { arbitraryCase } from './selection-arbitraries.js';
import type { SelectionCase } from './selection-arbitraries.js';

/** What a projection must equal: graphql-js, with the payload as root value and the resolvers that it has by default. */
function executed(schema: GraphQLSchema, { document, variables, payload }: SelectionCase) {
  const result = execute({
    schema,
    document: parse(document),
    rootValue: { onTask: payload },
    variableValues: variables,
  });
  if (result instanceof Promise) throw new Error('No resolver of this test waits.');
  const { data, errors } = JSON.parse(JSON.stringify(result)) as ReturnType<typeof projected>;
  return { data, paths: errors?.map(({ path }) => path) ?? [] };
}

function projected(projection: Projection, payload: JsonValue) {
  return JSON.parse(projection.project(payload)) as {
    data: JsonValue;
    errors?: readonly { readonly path: readonly (string | number)[] }[];
  };
}

function compile(schema: GraphQLSchema, { document: text, variables }: SelectionCase): Projection {
  const document = parse(text);
  const subscriptionType = schema.getSubscriptionType()!;
  const source = { schema, subscriptionType, fragments: fragmentsOf(document), variables };
  const sets = [getOperationAST(document)!.selectionSet];
  const [fieldNodes] = selectedFields(source, subscriptionType, sets).values();
  return compileProjection({ ...source, fieldNodes: fieldNodes!, deniedFields: new Set(), limits: defaultLimits });
}

describe('a projection, for any schema, document and payload', () => {
  it('should show what graphql-js would, with an error wherever it has one', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const schema = buildSchema(one.schema);
        const { data, errors = [] } = projected(compile(schema, one), one.payload);
        expect({ data, paths: errors.map(({ path }) => path) }).toEqual(executed(schema, one));
      }),
      { numRuns: 1_000 },
    );
  });

  it('should write its text as JSON.stringify would, in the order of the selection', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const text = compile(buildSchema(one.schema), one).project(one.payload);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('should write the same as any other with its key', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const schema = buildSchema(one.schema);
        const [first, second] = [compile(schema, one), compile(schema, { ...one, document: one.otherDocument })];
        fc.pre(first.key === second.key);
        expect(second.project(one.payload)).toBe(first.project(one.payload));
      }),
      { numRuns: 100 },
    );
  });
});
