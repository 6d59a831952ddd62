import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, startApi } from './start-api.js';
import type { Answer, Api } from './start-api.js';

// What bounds a request today: 1 MiB of body, 15,000 tokens, no circles in fragments and introspection, 30 s of data source time.
// Depth, aliases and cost have no limits of their own yet; these tests hold that what fits the bounds does no harm.

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

describe('a document with too many tokens', () => {
  const tooLong = {
    errors: [
      {
        errorType: 'MalformedHttpRequestException',
        message: 'Maximum char length exceeded. A document has at most 15000 tokens.',
      },
    ],
  };

  it.each<[string, string]>([
    ['10,000 aliases', `{ ${repeat(10_000, (i) => `a${i}: getTasks { id }`)} }`],
    ['10,000 directives', `{ getTasks { id ${repeat(10_000, () => '@skip(if: true)')} } }`],
    ['10,000 fragments', `{ getTasks { id } } ${repeat(10_000, (i) => `fragment F${i} on Task { id }`)}`],
    ['one token too many', `{ ${repeat(14_999, () => '__typename')} }`],
  ])('should be refused in AppSync’s words: %s', async (_what, query) => {
    const answer = await attack(query);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(tooLong);
    expect(answer.headers.get('x-amzn-errortype')).toBe('MalformedHttpRequestException');
  });

  it('should be taken with the last token that is allowed', async () => {
    const { status, body } = await attack(`{ __typename ${repeat(4_999, (i) => `a${i}: __typename`)} }`);
    expect(status).toBe(200);
    expect(Object.keys((body as { data: object }).data)).toHaveLength(5_000);
  });
});

describe('a document that is too deep for the parser', () => {
  it.each<[string, string]>([
    ['a nest of 20,000 fields', `{ ${nest(20_000, 'getTasks', 'id')} }`],
    ['a nest of 100,000 lists', `{ getTasks(a: ${'['.repeat(100_000)}) { id } }`],
  ])('should be refused: %s', async (_what, query) => {
    const answer = await attack(query);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ errorType: 'MalformedHttpRequestException' }] });
  });
});

describe('a document within the bounds that is made to be slow', () => {
  it.each<[string, string]>([
    ['one field 14,000 times', `{ ${repeat(14_000, () => '__typename')} }`],
    ['one key 3,000 times for two fields', `{ getTasks { ${repeat(1_500, () => 'a: id a: title')} } }`],
  ])('should be refused with %s', async (_what, query) => {
    const answer = await attack(query);
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)).toEqual(['Validation aborted.']);
  });

  it('should be answered with a nest of 1,000 fields', async () => {
    const type = nest(1_000, 'ofType', 'name');
    const { body } = await attack(`{ __type(name: "Task") { ${type} } }`);
    expect(body).toEqual({ data: { __type: { ofType: null } } });
  });

  it.each([1_000, 5_000])('should be refused with a nest of %i fields that are not there', async (depth) => {
    const answer = await attack(`{ ${nest(depth, 'getTasks', 'id')} }`);
    expect(answer.status).toBeLessThan(500);
    expect(messagesOf(answer)).not.toEqual([]);
  });

  it('should be refused with two nests that are compared, by the parser or by validation', async () => {
    const nested = nest(2_000, 'ofType', 'name');
    const answer = await attack(`{ __type(name: "Task") { ${nested} ${nested} } }`);
    expect(messagesOf(answer)).toHaveLength(1);
    expect(['The document is nested too deeply.', 'Unable to parse GraphQL query.']).toContain(messagesOf(answer)![0]);
  });

  it('should be answered with a nest of 1,000 fragments', async () => {
    const answer = await attack(`{ ${nest(1_000, '...', '__typename')} }`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ data: { __typename: 'Query' } });
  });

  it('should be refused with 2,000 directives on one field', async () => {
    const answer = await attack(`{ __typename ${repeat(2_000, () => '@skip(if: false)')} }`);
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)![0]).toContain('DuplicateDirectiveName');
  });

  it('should be refused with fragments in a circle', async () => {
    const answer = await attack(
      `{ getTasks { ...F0 } } ${repeat(500, (i) => `fragment F${i} on Task { ...F${(i + 1) % 500} }`)}`,
    );
    expect(answer.status).toBe(200);
    expect(messagesOf(answer)!.join('\n')).toContain('Validation error of type FragmentCycle');
  });

  it('should be answered with fragments that spread the next one twice', async () => {
    const depth = 40;
    const fragments = repeat(depth, (i) => `fragment F${i} on Task { ...F${i + 1} ...F${i + 1} }`);
    const mutation = `mutation { createTask(title: "t", boardId: "hostile") { ...F0 } } ${fragments} fragment F${depth} on Task { title }`;
    const startedAt = performance.now();
    expect((await api.ask(`query { getTasks { ...F0 } } ${fragments} fragment F${depth} on Task { id }`)).body).toEqual(
      {
        data: { getTasks: [] },
      },
    );
    expect((await api.ask(mutation)).body).toEqual({ data: { createTask: { title: 't' } } });
    expect(performance.now() - startedAt).toBeLessThan(maxMs);
    expect((await api.entries()).at(-1)!.payload).toEqual({ title: 't' });
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

  it('should be refused when they are nested 200,000 times', async () => {
    const body = `{"query": ${JSON.stringify(query)}, "variables": {"x": ${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const answer = await api.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
    });
    expect(answer.status).toBeLessThan(500);
    expect(messagesOf(answer)).toHaveLength(1);
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
