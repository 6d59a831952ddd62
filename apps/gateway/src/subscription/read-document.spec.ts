import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { requireSubscription } from './read-document.js';

const one = parse('subscription A { onTask { id } }');
const several = parse('subscription A { onTask { id } } subscription B { onTask { id } } query Q { board { name } }');
const none = parse('fragment F on Task { id }');

describe('requireSubscription', () => {
  it.each([
    ['the only operation', one, undefined, 'A'],
    ['the only operation for an empty name', one, '', 'A'],
    ['the operation that is named', several, 'B', 'B'],
  ])('should find %s', (_name, document, operationName, found) => {
    expect(requireSubscription(document, operationName).name?.value).toBe(found);
  });

  it.each([
    [
      'several and no name',
      several,
      undefined,
      'BAD_REQUEST',
      'The document has several operations; operationName must say which.',
    ],
    ['a name it does not have', several, 'C', 'BAD_REQUEST', 'The document has no operation named "C".'],
    ['no operation', none, undefined, 'BAD_REQUEST', 'The document has no operation.'],
    [
      'a query',
      several,
      'Q',
      'OPERATION_NOT_SUPPORTED',
      "A query can't be run here; send it to the GraphQL endpoint over HTTP.",
    ],
    [
      'a mutation',
      parse('mutation { createTask { id } }'),
      undefined,
      'OPERATION_NOT_SUPPORTED',
      "A mutation can't be run here; send it to the GraphQL endpoint over HTTP.",
    ],
  ])('should refuse a document with %s', (_name, document, operationName, code, message) => {
    expect(() => requireSubscription(document, operationName)).toThrow(expect.objectContaining({ code, message }));
  });
});
