import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKeyVerifier } from '#libs/identity';
import type { Verifier } from '#libs/identity';
import { apiKey, startApi } from './start-api.js';
import type { Api } from './start-api.js';

const json = { 'content-type': 'application/json', 'x-api-key': apiKey };
const requestId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const query = 'query All { getTasks { id } }';

let api: Api;
beforeAll(async () => {
  api = await startApi({
    verifiers: [
      createApiKeyVerifier({
        keys: [
          { id: 'default', key: apiKey },
          { id: 'old', key: 'da2-old', expiresAtMs: Date.now() - 1 },
        ],
      }),
    ],
  });
});
afterAll(() => api.stop());

const malformed = (message: string) => ({ errors: [{ errorType: 'MalformedHttpRequestException', message }] });
const unparsable = malformed('Unable to parse GraphQL query.');

describe('a request without good credentials', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no key', {}, 'Valid authorization header not provided.'],
    ['a blank key', { 'x-api-key': ' ' }, 'Valid authorization header not provided.'],
    [
      'a token, which the API does not take',
      { authorization: 'Bearer abc' },
      'Valid authorization header not provided.',
    ],
    ['a wrong key', { 'x-api-key': 'da2-wrong' }, 'You are not authorized to make this call.'],
    ['an expired key', { 'x-api-key': 'da2-old' }, 'You are not authorized to make this call.'],
    [
      'a key with another letter case',
      { 'x-api-key': apiKey.toUpperCase() },
      'You are not authorized to make this call.',
    ],
  ])('should be answered with 401 for %s', async (_what, headers, message) => {
    for (const answer of [
      await api.ask(query, { headers }),
      await api.send({ headers }, `?query=${encodeURIComponent(query)}`),
      await api.send({ method: 'POST', headers, body: 'meow' }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ errors: [{ errorType: 'UnauthorizedException', message }] });
      expect(answer.headers.get('x-amzn-ErrorType')).toBe('UnauthorizedException');
      expect(answer.headers.get('x-amzn-RequestId')).toMatch(requestId);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
  });
});

describe('a body that is no GraphQL request', () => {
  it.each<[string, string | undefined, object]>([
    ['nothing', undefined, malformed('Request body is empty.')],
    ['an empty text', '', malformed('Request body is empty.')],
    ['white space', ' \n', malformed('Request body is empty.')],
    ['no JSON', 'meow', unparsable],
    ['an empty object', '{}', unparsable],
    ['an empty list', '[]', unparsable],
    ['a batch', JSON.stringify([{ query }, { query }]), unparsable],
    ['null', 'null', unparsable],
    ['a text', JSON.stringify(query), unparsable],
    ['a query that is no text', '{"query": 1}', unparsable],
    ['an empty query', '{"query": ""}', unparsable],
    ['a query of white space', '{"query": " "}', unparsable],
    ['a comment only', '{"query": "# nothing"}', unparsable],
    ['a syntax error', '{"query": "{ getTasks { id }"}', unparsable],
    ['variables that are text', JSON.stringify({ query, variables: '{}' }), unparsable],
    ['variables that are a list', JSON.stringify({ query, variables: [] }), unparsable],
    ['a name of the operation that is no text', JSON.stringify({ query, operationName: 1 }), unparsable],
  ])('should be answered with 400 for %s', async (_what, body, expected) => {
    const answer = await api.send({ method: 'POST', headers: json, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(expected);
    expect(answer.headers.get('x-amzn-errortype')).toBe('MalformedHttpRequestException');
  });

  it('should be answered with 413 when it is over the limit', async () => {
    const answer = await api.send({ method: 'POST', headers: json, body: 'a'.repeat(1_048_577) });
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual(malformed('Request body is too large. At most 1048576 bytes are allowed.'));
    expect(answer.headers.get('x-amzn-errortype')).toBe('MalformedHttpRequestException');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(requestId);
  });
});

describe('a path or method that is not served', () => {
  it.each([
    ['another path', { method: 'POST', headers: json, body: '{}' }, '/nothing', 'Cannot POST /graphql/nothing'],
    ['another method', { method: 'PUT', headers: json, body: '{}' }, '', 'Cannot PUT /graphql'],
  ])('should be answered with 404 in the same shape for %s', async (_what, init, path, message) => {
    const answer = await api.send(init, path);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(malformed(message));
  });

  it('should not be answered with its query, where AppSync’s clients put tokens', async () => {
    const answer = await api.send({}, '/realtime/v1?header=eyJhIjoxfQ==');
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(malformed('Cannot GET /graphql/realtime/v1'));
  });

  it('should be answered with 400 in the same shape where the path is not percent-encoded', async () => {
    const answer = await api.send({ headers: json }, '/%zz?header=eyJhIjoxfQ==');
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(malformed('The path of the request is not percent-encoded.'));
    expect(answer.headers.get('x-amzn-errortype')).toBe('MalformedHttpRequestException');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(requestId);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

describe('a document that can’t be executed', () => {
  it.each<[string, object, string]>([
    [
      'a field that is not there',
      { query: '{\n  badfield\n}' },
      "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'",
    ],
    [
      'a missing variable',
      { query: 'mutation\n  ($b: String!) { createTask(title: "t", boardId: $b) { id } }' },
      "Variable 'b' has coerced Null value for NonNull type 'String!'",
    ],
    [
      'a variable of the wrong type',
      { query: 'mutation\n  ($b: String!) { createTask(title: "t", boardId: $b) { id } }', variables: { b: 1 } },
      "Variable 'b' has an invalid value. String cannot represent a non string value: 1",
    ],
  ])('should be answered with 200 and no errorType for %s', async (_what, request, message) => {
    const answer = await api.send({ method: 'POST', headers: json, body: JSON.stringify(request) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-amzn-errortype')).toBeNull();
    const locations = [{ line: 2, column: message.startsWith('Validation') ? 3 : 4, sourceName: null }];
    expect(answer.body).toEqual({ data: null, errors: [{ path: null, locations, message }] });
  });

  it.each<[string, object, string]>([
    ['an operation that is not there', { query, operationName: 'None' }, "Unknown operation named 'None'."],
    [
      'no choice between two',
      { query: `${query} query Other { getTasks { id } }` },
      'Must provide operation name if query contains multiple operations.',
    ],
    [
      'fragments only',
      { query: 'fragment A on Task { id }' },
      "Validation error of type UnusedFragment: Fragment 'A' is never used",
    ],
  ])('should be answered with 200 for %s', async (_what, request, message) => {
    const answer = await api.send({ method: 'POST', headers: json, body: JSON.stringify(request) });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: null, errors: [{ path: null, message }] });
  });

  it('should be answered with 200 for a subscription, which needs a WebSocket', async () => {
    const answer = await api.ask('subscription { onTaskCreated { id } }');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: null, errors: [{ errorType: 'OperationNotSupported' }] });
  });
});

describe('an operation that can be executed', () => {
  const done = { data: { getTasks: [] } };

  it.each<[string, Record<string, string>, string]>([
    ['JSON', { 'content-type': 'application/json' }, JSON.stringify({ query })],
    ['JSON with a charset', { 'content-type': 'application/json; charset=utf-8' }, JSON.stringify({ query })],
    [
      'JSON with nulls for nothing',
      { 'content-type': 'application/json' },
      JSON.stringify({ query, variables: null, operationName: null }),
    ],
    ['JSON under application/graphql+json', { 'content-type': 'application/graphql+json' }, JSON.stringify({ query })],
    ['JSON under text/plain', { 'content-type': 'text/plain' }, JSON.stringify({ query })],
    ['a document under application/graphql', { 'content-type': 'application/graphql' }, query],
    [
      'a document under application/graphql in other letters',
      { 'content-type': 'Application/GraphQL; charset=utf-8' },
      query,
    ],
  ])('should be answered for %s', async (_what, headers, body) => {
    const answer = await api.send({ method: 'POST', headers: { ...headers, 'x-api-key': apiKey }, body });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(done);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(requestId);
  });

  it('should be answered without any content type', async () => {
    const body = new TextEncoder().encode(JSON.stringify({ query }));
    expect((await api.send({ method: 'POST', headers: { 'x-api-key': apiKey }, body })).body).toEqual(done);
  });

  it('should be chosen by its name', async () => {
    const body = JSON.stringify({ query: `query A { __typename } ${query}`, operationName: 'All' });
    expect((await api.send({ method: 'POST', headers: json, body })).body).toEqual(done);
  });

  it('should have an id of its own in each answer', async () => {
    const [a, b] = [await api.ask(query), await api.ask(query)];
    expect(a.headers.get('x-amzn-requestid')).not.toBe(b.headers.get('x-amzn-requestid'));
  });
});

describe('a GET request', () => {
  const get = (parameters: Record<string, string>) =>
    api.send({ headers: { 'x-api-key': apiKey } }, `?${new URLSearchParams(parameters).toString()}`);

  it('should be answered for a query', async () => {
    const named = { query: `${query} query B($yes: Boolean!) { __typename @include(if: $yes) }` };
    expect((await get({ query })).body).toEqual({ data: { getTasks: [] } });
    expect((await get({ ...named, operationName: 'B', variables: '{"yes": true}' })).body).toEqual({
      data: { __typename: 'Query' },
    });
  });

  it('should be refused for a mutation, which it must not be able to run', async () => {
    const answer = await get({ query: 'mutation { createTask(title: "t", boardId: "b") { id } }' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      data: null,
      errors: [{ errorType: 'OperationNotSupported', message: 'A mutation must be sent with POST.' }],
    });
    expect((await api.ask(query)).body).toEqual({ data: { getTasks: [] } });
    expect(await api.entries()).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['no query', {}],
    ['an empty query', { query: '' }],
    ['variables that are no JSON', { query, variables: 'meow' }],
    ['variables that are no object', { query, variables: '[]' }],
  ])('should be answered with 400 for %s', async (_what, parameters) => {
    const answer = await get(parameters);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(unparsable);
  });
});

describe('a browser on another site', () => {
  const amplify = 'x-amz-user-agent, x-api-key, authorization, content-type, x-amz-date, x-amz-security-token';
  const origin = 'https://app.example.com';

  it('should be allowed what Amplify sends', async () => {
    const answer = await api.send({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': amplify },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')).toBe(amplify);
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-max-age')).toBe('86400');
  });

  it.each<[string, () => Promise<{ headers: Headers }>]>([
    ['an answer', () => api.ask(query, { headers: { 'x-api-key': apiKey, origin } })],
    ['a refusal', () => api.ask(query, { headers: { origin } })],
    [
      'a refusal of the body',
      () => api.send({ method: 'POST', headers: { ...json, origin }, body: 'a'.repeat(1_048_577) }),
    ],
  ])('should be able to read %s and its error type', async (_what, ask) => {
    const { headers } = await ask();
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toBe('x-amzn-requestid, x-amzn-errortype');
  });
});

describe('a failure that nobody expected', () => {
  it('should be hidden behind the id under which the log has it', async () => {
    const broken: Verifier = {
      mode: 'API_KEY',
      claims: () => true,
      verify: () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7')),
    };
    const failing = await startApi({ verifiers: [broken] });
    try {
      const { status, headers, body } = await failing.ask(query);
      const id = headers.get('x-amzn-requestid')!;
      const message = `An internal failure occurred. The log has it under request ${id}.`;
      expect(status).toBe(500);
      expect(headers.get('x-amzn-errortype')).toBe('InternalFailure');
      expect(body).toEqual({ errors: [{ errorType: 'InternalFailure', message }] });
      expect(failing.records.filter((line) => line.includes(id) && line.includes('10.0.0.7'))).toHaveLength(1);
    } finally {
      await failing.stop();
    }
  });
});
