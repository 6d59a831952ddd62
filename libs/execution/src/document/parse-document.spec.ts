import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import type { ApiLimits } from '#libs/api-definition';
import { RequestError } from '#libs/protocol';
import { assertVariables } from './assert-variables.js';
import { parseDocument } from './parse-document.js';
import { screenDocument } from './screen-document.js';

const repeat = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join(' ');
const nest = (depth: number, open: string, inner: string) =>
  `${`${open} { `.repeat(depth)}${inner}${' }'.repeat(depth)}`;

/** The limit that a refusal names; undefined when nothing is refused. */
function limitOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error.limit;
    throw error;
  }
}

const small: ApiLimits = Object.freeze({
  ...defaultLimits,
  maxTokens: 60,
  maxDepth: 5,
  maxAliases: 3,
  maxDirectives: 2,
  maxFragments: 3,
  maxRootFields: 4,
  maxFields: 8,
});

describe('a document at its limit, and one beyond', () => {
  it.each<[keyof ApiLimits, string, string, string]>([
    [
      'maxTokens',
      'tokens',
      `{ ${repeat(58, () => '#\n')} a(b: [${repeat(50, String)}]) }`,
      `{ a(b: [${repeat(52, String)}]) }`,
    ],
    ['maxDepth', 'braces', `{ ${nest(4, 'a', 'b')} }`, `{ ${nest(5, 'a', 'b')} }`],
    ['maxDepth', 'brackets', '{ a(b: [[[1]]]) }', '{ a(b: [[[[1]]]]) }'],
    ['maxDepth', 'objects in arguments', '{ a(b: {c: {d: {e: 1}}}) }', '{ a(b: {c: {d: {e: {f: 1}}}}) }'],
    [
      'maxDepth',
      'fields in fragments',
      '{ ...A } fragment A on T { a { a { ...B } } } fragment B on T { b { b { b } } }',
      '{ a { ...A } } fragment A on T { a { a { ...B } } } fragment B on T { b { b { b } } }',
    ],
    [
      'maxDepth',
      'inline fragments',
      '{ ... { ... { ... { ... { a } } } } }',
      '{ ... { ... { ... { ... { ... { a } } } } } }',
    ],
    ['maxAliases', 'aliases', '{ a: x b: x c: x }', '{ a: x b: x c: x d: x }'],
    ['maxAliases', 'repeated fields', '{ x x x x }', '{ x x x x x }'],
    ['maxAliases', 'aliases and repeated fields', '{ a: x b: x y { z z } }', '{ a: x b: x y { z z z } }'],
    [
      'maxAliases',
      'aliases in fragments',
      '{ a: x ...F } fragment F on T { b: x c: x }',
      '{ a: x d: x ...F } fragment F on T { b: x c: x }',
    ],
    ['maxDirectives', 'directives', '{ a @x b @y }', '{ a @x b @y @z }'],
    ['maxDirectives', 'directives of the operation', 'query @x @y { a }', 'query @x @y @z { a }'],
    [
      'maxFragments',
      'fragments',
      `{ a } ${repeat(3, (i) => `fragment F${i} on T { a }`)}`,
      `{ a } ${repeat(4, (i) => `fragment F${i} on T { a }`)}`,
    ],
    ['maxRootFields', 'fields at the root', '{ a b c d }', '{ a b c d e }'],
    [
      'maxRootFields',
      'fields of fragments at the root',
      '{ a ...F ... { d } } fragment F on T { b c }',
      '{ a ...F ... { d e } } fragment F on T { b c }',
    ],
    ['maxFields', 'fields', '{ a { b c d e } f { g h } }', '{ a { b c d e } f { g h i } }'],
    [
      'maxFields',
      'fields of fragments, each time they are spread',
      '{ a { ...F } b { ...F } } fragment F on T { c d e }',
      '{ a { ...F } b { ...F } } fragment F on T { c d e f }',
    ],
  ])('should differ for %s: %s', (limit, _what, taken, refused) => {
    expect(limitOf(() => parseDocument(taken, small))).toBeUndefined();
    expect(limitOf(() => parseDocument(refused, small))).toBe(`limits.${limit}`);
  });
});

describe('what is not counted', () => {
  it.each([
    ['names of arguments and variables as aliases', 'query ($a: A, $b: B) { x(a: $a, b: {c: 1, d: 2, e: 3}) }'],
    ['fields in different selections as repeated', '{ a { id } b { id } c { id } }'],
    ['operations together', 'query A { a b c d } query B { a b c d } query C { a b c d }'],
    ['a field of that name as a fragment', '{ fragment a { fragment } }'],
    ['directives of variables in comments', '# @a @b @c\n{ a }'],
  ])('should be %s', (_what, text) => {
    expect(limitOf(() => parseDocument(text, small))).toBeUndefined();
  });

  it('should be what an ordinary client sends: introspection, and a batch of 100', () => {
    const typeRef = nest(9, 'kind name ofType', 'kind');
    const introspection = `query I { __schema { types { ...F } directives { args { ...R } } } } fragment F on __Type { fields(includeDeprecated: true) { args { ...R } type { ...R } } } fragment R on __Type { ${typeRef} }`;
    expect(limitOf(() => parseDocument(introspection, defaultLimits))).toBeUndefined();
    const batch = `mutation { ${repeat(100, (i) => `m${i}: createTask(input: {title: "t"}) { id title }`)} }`;
    expect(limitOf(() => parseDocument(batch, defaultLimits))).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('should name the limit and its value', () => {
    expect(() => parseDocument('{ a b c d e }', small)).toThrow(
      'The document has more than 4 fields at its root (limits.maxRootFields).',
    );
  });

  it('should have AppSync’s words for tokens', () => {
    expect(() => parseDocument(`{ a(b: [${repeat(99, String)}]) }`, small)).toThrow(
      'Maximum char length exceeded. The document has more than 60 tokens (limits.maxTokens).',
    );
  });

  it('should be graphql-js’s own for what is no GraphQL', () => {
    expect(() => parseDocument('{ a', small)).toThrow(GraphQLError);
    expect(() => parseDocument('{ a ? }', small)).toThrow(GraphQLError);
  });
});

describe('a document that is made to be slow', () => {
  const bomb = (count: number) =>
    `{ a { ...F0 } } ${repeat(count, (i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`)} fragment F${count} on T { a }`;

  it('should be refused for what 2^90 spreads come to, which are not followed', () => {
    expect(limitOf(() => parseDocument(bomb(90), defaultLimits))).toBe('limits.maxFields');
  });

  it('should be left to validation when its fragments are in a circle', () => {
    const circle = `{ ...F0 } ${repeat(50, (i) => `fragment F${i} on T { a { ...F${(i + 1) % 50} } ...F${i} }`)}`;
    expect(limitOf(() => parseDocument(circle, defaultLimits))).toBeUndefined();
  });

  it.each([
    ['aliases', `{ ${repeat(10_000, (i) => `a${i}: x`)} }`],
    ['comments', `{ ${'#\n'.repeat(500_000)}`],
    ['levels', '{ a '.repeat(100_000)],
    ['directives', `{ a ${'@b '.repeat(10_000)} }`],
    ['fragments', repeat(10_000, (i) => `fragment F${i} on T { a }`)],
  ])('should be read no further than to the one of its %s that is too much', (_what, text) => {
    // What follows is no token, and is never met.
    expect(limitOf(() => screenDocument(`${text} ?`, defaultLimits))).toMatch(/^limits\./);
  });
});

describe('variables', () => {
  const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: [deep(depth - 1)] });

  it('should be refused when they are nested deeper than a document may be', () => {
    expect(limitOf(() => assertVariables({ a: [[[[1]]]] }, small))).toBeUndefined();
    expect(limitOf(() => assertVariables({ a: [[[[[1]]]]] }, small))).toBe('limits.maxDepth');
    expect(() => assertVariables({ a: deep(3000) }, defaultLimits)).toThrow(
      'The variables have more than 200 levels (limits.maxDepth).',
    );
  });

  it('should be read to that depth only', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(limitOf(() => assertVariables({ endless }, defaultLimits))).toBe('limits.maxDepth');
  });
});
