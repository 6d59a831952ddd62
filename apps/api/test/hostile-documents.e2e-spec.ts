import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, startApi } from './start-api.js';
import type { Answer, Api } from './start-api.js';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Most that one hostile request may keep the process busy, in milliseconds; generous, for a machine that runs other tests. */
const maxMs = 3000;

const repeat = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join(' ');
const nest = (depth: number, open: string, inner: string) =>
  `${`${open} { `.repeat(depth)}${inner}${' }'.repeat(depth)}`;

/** Asks, holds the answer to the time, and makes sure that the next request is served as ever. */
async function attack(query: string, variables?: object): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await api.send({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query, variables }),
  });
  expect(performance.now() - startedAt).toBeLessThan(maxMs);
  expect((await api.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  return answer;
}

const messagesOf = ({ body }: Answer) =>
  (body as { errors?: { message: string }[] }).errors?.map(({ message }) => message);

/** Asks for what passes a limit, and holds the answer to AppSync's form and the counter to it. */
async function expectLimit(query: string, limit: string, message: string, variables?: object): Promise<void> {
  const before = await api.refusalsOf(limit);
  const answer = await attack(query, variables);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-amzn-errortype')).toBeNull();
  const error = {
    path: null,
    data: null,
    errorType: 'DocumentLimitExceeded',
    errorInfo: null,
    locations: null,
    message,
  };
  expect(answer.body).toEqual({ data: null, errors: [error] });
  expect(await api.refusalsOf(limit)).toBe(before + 1);
}

describe('a document that passes a limit', () => {
  const bomb = (depth: number) =>
    `${repeat(depth, (i) => `fragment F${i} on Task { ...F${i + 1} ...F${i + 1} }`)} fragment F${depth} on Task { title }`;
  const tokens = 'Maximum char length exceeded. The document has more than 15000 tokens (limits.maxTokens).';
  const depth = 'The document has more than 200 levels (limits.maxDepth).';
  const aliases = 'The document has more than 100 aliases and repeated fields (limits.maxAliases).';

  it.each<[string, string, string, string]>([
    ['10,000 aliases', `{ ${repeat(10_000, (i) => `a${i}: getTasks { id }`)} }`, 'maxAliases', aliases],
    ['one field 14,000 times', `{ ${repeat(14_000, () => '__typename')} }`, 'maxAliases', aliases],
    ['one key for two fields', `{ getTasks { ${repeat(1_500, () => 'a: id a: title')} } }`, 'maxAliases', aliases],
    [
      '10,000 directives',
      `{ getTasks { id ${repeat(10_000, () => '@skip(if: true)')} } }`,
      'maxDirectives',
      'The document has more than 50 directives (limits.maxDirectives).',
    ],
    [
      '10,000 fragments',
      `{ getTasks { id } } ${repeat(10_000, (i) => `fragment F${i} on Task { id }`)}`,
      'maxFragments',
      'The document has more than 100 fragments (limits.maxFragments).',
    ],
    ['a megabyte of arguments', `{ getTasks(a: [${'1 '.repeat(500_000)}]) { id } }`, 'maxTokens', tokens],
    ['a nest of 1,000 fields', `{ ${nest(1_000, 'getTasks', 'id')} }`, 'maxDepth', depth],
    ['a nest of 20,000 fields', `{ ${nest(20_000, 'getTasks', 'id')} }`, 'maxDepth', depth],
    ['a nest of 100,000 lists', `{ getTasks(a: ${'['.repeat(100_000)}) { id } }`, 'maxDepth', depth],
    ['a nest of introspection', `{ __type(name: "Task") { ${nest(1_000, 'ofType', 'name')} } }`, 'maxDepth', depth],
    ['a nest of inline fragments', `{ ${nest(1_000, '...', '__typename')} }`, 'maxDepth', depth],
    [
      '2^40 fragments',
      `{ getTasks { ...F0 } } ${bomb(40)}`,
      'maxFields',
      'The document has more than 10000 fields, fragments put in (limits.maxFields).',
    ],
    [
      '2^40 fragments in a mutation',
      `mutation { createTask(title: "t", boardId: "hostile") { ...F0 } } ${bomb(40)}`,
      'maxFields',
      'The document has more than 10000 fields, fragments put in (limits.maxFields).',
    ],
    [
      '101 fields at its root',
      `{ __typename ...R } fragment R on Query { ${repeat(100, (i) => `a${i}: __typename`)} }`,
      'maxRootFields',
      'The document has more than 100 fields at its root (limits.maxRootFields).',
    ],
  ])('should be refused before it is executed: %s', async (_what, query, limit, message) => {
    await expectLimit(query, `limits.${limit}`, message);
    expect(await api.entries()).toEqual([]);
  });

  it('should be taken with the last alias that is allowed', async () => {
    const { status, body } = await attack(`{ ${repeat(100, (i) => `a${i}: __typename`)} }`);
    expect(status).toBe(200);
    expect(Object.keys((body as { data: object }).data)).toHaveLength(100);
  });
});

describe('a document within the limits that is made to be slow', () => {
  it('should be refused with a nest of fields that are not there', async () => {
    const answer = await attack(`{ ${nest(190, 'getTasks', 'id')} }`);
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)).not.toEqual([]);
  });

  it('should be refused with two nests that are compared', async () => {
    const nested = nest(190, 'ofType', 'name');
    const answer = await attack(
      `{ __type(name: "Task") { ${nested} } a: __type(name: "Task") { ${nested} ${nested} } }`,
    );
    expect(answer.status).toBe(200);
  });

  it('should be refused with introspection that goes round', async () => {
    const round = nest(6, 'fields { type', 'name }'.replace(' }', '')).replaceAll(' }', ' } }');
    const answer = await attack(`{ __schema { types { ${round} } } }`);
    expect(messagesOf(answer)!.join('\n')).toContain('BadFaithIntrospection');
  });

  it('should be refused with 40 directives on one field', async () => {
    const answer = await attack(`{ __typename ${repeat(40, () => '@skip(if: false)')} }`);
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)![0]).toContain('DuplicateDirectiveName');
  });

  it('should be refused with fragments in a circle', async () => {
    const answer = await attack(
      `{ getTasks { ...F0 } } ${repeat(100, (i) => `fragment F${i} on Task { ...F${(i + 1) % 100} }`)}`,
    );
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)!.join('\n')).toContain('Validation error of type FragmentCycle');
  });

  it('should be answered with a hundred fragments that select the same', async () => {
    const query = `{ getTasks { ${repeat(100, (i) => `...F${i}`)} } } ${repeat(100, (i) => `fragment F${i} on Task { id title }`)}`;
    expect((await attack(query)).body).toEqual({ data: { getTasks: [] } });
  });

  it('should be given no names to guess by', async () => {
    for (const query of ['{ getTask { id } }', '{ getTasks { tilte } }', 'query ($a: Strin) { __typename }']) {
      expect(JSON.stringify((await attack(query)).body)).not.toMatch(/did you mean/i);
    }
  });
});

describe('variables that are made to do harm', () => {
  const query = 'query ($x: Boolean = true) { __typename @include(if: $x) }';

  it('should be passed over when a megabyte of them is not asked for', async () => {
    const answer = await attack(query, { pad: 'a'.repeat(1_000_000) });
    expect(answer).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
  });

  it('should be refused when a megabyte is no value of the type', async () => {
    const answer = await attack(query, { x: Array.from({ length: 200_000 }, () => 'a') });
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)![0]).toContain(
      "Variable 'x' has an invalid value. Boolean cannot represent a non boolean value",
    );
  });

  it.each([201, 200_000])('should be refused when they are nested %i times', async (depth) => {
    const body = `{"query": ${JSON.stringify(query)}, "variables": {"x": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    const answer = await api.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
    });
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)).toEqual(['The variables have more than 200 levels (limits.maxDepth).']);
  });

  it('should leave prototypes alone', async () => {
    const body = `{"query": ${JSON.stringify(query)}, "variables": {"__proto__": {"x": false}, "constructor": {"prototype": {"x": false}}}}`;
    const answer = await api.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
    });
    expect(answer).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
