import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { FilterError, matchesFilterGroup, parseFilterGroup, toSubscriptionFilter } from '../src/index.js';
import { comparison, fieldValue } from './arbitraries.js';

/**
 * An and/or tree as a person would draw it, evaluated below without any normal form. A `field` holds alternatives for one
 * field; each has a name of its own, because a filter may name a field once only.
 */
type Tree =
  | { readonly kind: 'and' | 'or'; readonly branches: readonly Tree[] }
  | { readonly kind: 'field'; readonly alternatives: { readonly [operator: string]: JsonValue }; name: string };

const field = fc
  .array(comparison, { minLength: 1, maxLength: 2 })
  .map((rules) => Object.fromEntries(rules.map(({ operator, value }) => [operator, value])))
  .map((alternatives): Tree => ({ kind: 'field', alternatives, name: '' }));

const tree = fc.letrec<{ node: Tree; branch: Tree }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, depthSize: 'small' }, field, tie('branch')),
  branch: fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    branches: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
  }),
})).node;

/** No limit, so that only the meaning is compared. */
const unlimited = {
  maxFilters: Infinity,
  maxFields: Infinity,
  maxInValues: Infinity,
  maxContainsAnyValues: Infinity,
  maxStringCharacters: Infinity,
  maxFieldDepth: 5,
};

function nameFields(root: Tree, names: string[] = []): string[] {
  if (root.kind === 'field') {
    root.name = `f${names.length}`;
    names.push(root.name);
  } else {
    root.branches.forEach((branch) => nameFields(branch, names));
  }
  return names;
}

function toInput(root: Tree): JsonObject {
  if (root.kind === 'field') return { [root.name]: root.alternatives };
  return { [root.kind]: root.branches.map(toInput) };
}

function evaluate(root: Tree, payload: JsonObject): boolean {
  switch (root.kind) {
    case 'and':
      return root.branches.every((branch) => evaluate(branch, payload));
    case 'or':
      return root.branches.some((branch) => evaluate(branch, payload));
    case 'field':
      return Object.entries(root.alternatives).some(([operator, value]) =>
        matches({ filterGroup: [{ filters: [{ fieldName: root.name, operator, value }] }] }, payload),
      );
  }
}

function matches(document: JsonValue, payload: JsonValue): boolean {
  return matchesFilterGroup(parseFilterGroup(document, unlimited).filter, payload);
}

/** The document, or undefined where the product is over its bound: the one reason a tree may be refused. */
function transform(input: unknown, ignored?: string[], rules?: JsonObject): JsonObject | undefined {
  try {
    return toSubscriptionFilter(input, ignored, rules);
  } catch (error) {
    if (error instanceof FilterError && error.message.includes('expands to more')) return undefined;
    throw error;
  }
}

/** A payload for the names, from a list of values that is as long as the test needs. */
function toPayload(names: readonly string[], values: readonly JsonValue[]): JsonObject {
  return Object.fromEntries(names.map((name, index) => [name, values[index % values.length] ?? null]));
}

const fieldValues = fc.array(fieldValue, { minLength: 1, maxLength: 24 });

describe('toSubscriptionFilter', () => {
  it('should match what its and/or tree matches', () => {
    fc.assert(
      fc.property(tree, fieldValues, (root, values) => {
        const names = nameFields(root);
        const document = transform(toInput(root));
        fc.pre(document !== undefined);
        const payload = toPayload(names, values);
        expect(matches(document, payload)).toBe(evaluate(root, payload));
      }),
      { numRuns: 500 },
    );
  });

  it('should take JSON text for the same input', () => {
    fc.assert(
      fc.property(tree, (root) => {
        nameFields(root);
        const input = toInput(root);
        expect(transform(JSON.stringify(input))).toStrictEqual(transform(input));
      }),
    );
  });

  it('should match with rules where the input and one of the rules do', () => {
    fc.assert(
      fc.property(tree, fieldValues, fc.array(comparison, { minLength: 1, maxLength: 3 }), (root, values, rules) => {
        const names = nameFields(root);
        const ruleNames = rules.map((_, index) => `rule${index}`);
        const document = transform(
          toInput(root),
          undefined,
          Object.fromEntries(rules.map(({ operator, value }, index) => [`rule${index}`, { [operator]: value }])),
        );
        fc.pre(document !== undefined);
        const payload = toPayload([...ruleNames, ...names], values);
        const byRules = rules.some(({ operator, value }, index) =>
          matches({ filterGroup: [{ filters: [{ fieldName: `rule${index}`, operator, value }] }] }, payload),
        );
        expect(matches(document, payload)).toBe(evaluate(root, payload) && byRules);
      }),
    );
  });

  it('should say nothing of an ignored field', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, pick) => {
        const names = nameFields(root);
        const ignored = names[pick % names.length] ?? '';
        const document = transform(toInput(root), [ignored]);
        expect(JSON.stringify(document ?? {})).not.toContain(`"${ignored}"`);
      }),
    );
  });
});
