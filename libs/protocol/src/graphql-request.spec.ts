import { describe, expect, it } from 'vitest';
import { parseGraphqlJson, readGraphqlRequest } from './graphql-request.js';

const query = '{ task { id } }';
const refusal = expect.objectContaining({
  code: 'MALFORMED_REQUEST',
  message: 'Unable to parse GraphQL query.',
}) as Error;

describe('a GraphQL request', () => {
  it.each([
    ['a query alone', { query }, { query, variables: {}, operationName: undefined }],
    ['nulls for what is left out', { query, variables: null, operationName: null }, { query, variables: {} }],
    ['everything', { query, variables: { a: 1 }, operationName: 'A' }, { variables: { a: 1 }, operationName: 'A' }],
  ])('should be read from %s', (_what, given, expected) => {
    expect(readGraphqlRequest(given)).toMatchObject(expected);
  });

  it.each([
    ['null', null],
    ['a batch', [{ query }]],
    ['nothing', {}],
    ['an empty query', { query: '' }],
    ['a query that is no text', { query: 1 }],
    ['variables that are a list', { query, variables: [] }],
    ['variables that are text', { query, variables: '{}' }],
    ['a name that is no text', { query, operationName: 1 }],
  ])('should be refused for %s', (_what, given) => {
    expect(() => readGraphqlRequest(given)).toThrow(refusal);
  });

  it('should be refused for what is no JSON, without quoting it', () => {
    expect(() => parseGraphqlJson('{"token":')).toThrow(refusal);
  });
});
