import { describe, expect, it } from 'vitest';
import { connectRequest, startRequest } from '../credentials.js';
import type { SentRequest } from '../credentials.js';
import { readSentOperation, UnreadableRequestError } from './sent-operation.js';

const document = 'query GetTask($id: ID!) { getTask(id: $id) { id } }';

const post = (body: string): SentRequest => ({
  kind: 'operation',
  method: 'POST',
  path: '/graphql',
  queryString: '',
  body,
  requestId: 'r1',
});
const get = (queryString: string, path = '/graphql'): SentRequest => ({
  ...post(''),
  method: 'GET',
  path,
  queryString,
});

describe('the opening of a connection', () => {
  it('should be called as AppSync calls it', () => {
    expect(readSentOperation(connectRequest('/graphql', 'r1'))).toEqual({
      queryString: '',
      operationName: 'DeepDish:Connect',
      variables: {},
    });
  });
});

describe('the body of a request', () => {
  it.each([
    [{ query: document }, { queryString: document, variables: {} }],
    [
      { query: document, operationName: 'GetTask', variables: { id: 't1' } },
      { queryString: document, operationName: 'GetTask', variables: { id: 't1' } },
    ],
    [
      { query: document, operationName: null, variables: null, extensions: {} },
      { queryString: document, variables: {} },
    ],
    [
      { query: document, operationName: '' },
      { queryString: document, operationName: '', variables: {} },
    ],
  ])('should be read as it will be executed: %j', (body, operation) => {
    expect(readSentOperation(post(JSON.stringify(body)))).toEqual(operation);
    expect(readSentOperation(startRequest('/graphql', JSON.stringify(body), 'r1'))).toEqual(operation);
  });

  it('should count the last of two members, as every reader of JSON here', () => {
    const body = `{"query":"{ listBoards }","query":${JSON.stringify(document)}}`;
    expect(readSentOperation(post(body)).queryString).toBe(document);
  });

  it('should be the document where it is no JSON', () => {
    expect(readSentOperation(post(document))).toEqual({ queryString: document, variables: {} });
  });

  it.each([
    ['', ''],
    ['meow', 'meow'],
    ['[]', '[]'],
    ['{}', ''],
    ['{"query":3}', ''],
    ['{"query":"{ listBoards }","variables":[]}', '{ listBoards }'],
  ])('should not stop the function from being asked when it can not be executed: %s', (body, queryString) => {
    expect(readSentOperation(post(body))).toEqual({ queryString, variables: {} });
  });
});

describe('the address of a GET', () => {
  it('should be read as it will be executed', () => {
    const parameters = new URLSearchParams({ query: document, variables: '{"id":"t 1+ü"}', operationName: 'GetTask' });
    expect(readSentOperation(get(parameters.toString()))).toEqual({
      queryString: document,
      operationName: 'GetTask',
      variables: { id: 't 1+ü' },
    });
  });

  it.each(['', 'x=1', 'query=', '&&', 'variables=no'])('should have no document: "%s"', (queryString) => {
    expect(readSentOperation(get(queryString))).toEqual({ queryString: '', variables: {} });
  });

  it.each([
    ['a parameter that is there twice', get('query={a}&query={b}')],
    ['a name that is there twice in two spellings', get('query={a}&qu%65ry={b}')],
    ['a percent sign that encodes nothing', get('query={a}%zz')],
    ['bytes that are no text', get('query={a}%ff')],
    ['a fragment before the query', get('query={a}', '/graphql#query={b}')],
  ])('should not be shown to a function with %s', (_, request) => {
    expect(() => readSentOperation(request)).toThrow(UnreadableRequestError);
  });

  it.each(['__proto__=1', 'constructor=1', 'x=1&x=2', 'x=%zz', 'query%zz={b}', 'Query={b}', '=1'])(
    'should be read past what nobody looks at: %s',
    (other) => {
      expect(readSentOperation(get(`${other}&query={a}&${other}`)).queryString).toBe('{a}');
    },
  );
});
