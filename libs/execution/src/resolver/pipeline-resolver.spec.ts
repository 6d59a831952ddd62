import { describe, expect, it, vi } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import type { ResolverCase, StepCase } from '../../test/define-api.js';
import { execute } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  type Task {
    id: ID
    title: String
    history: AWSJSON
  }
  type Query {
    task(id: ID): Task
    show(id: ID): AWSJSON
  }
  type Mutation {
    createTask(title: String): Task
  }
`;

/** Executes a query of an API whose only resolver is this pipeline, of `Query.show` unless told otherwise. */
async function run(
  functions: Readonly<Record<string, StepCase>>,
  pipeline: Omit<ResolverCase, 'functions'> = {},
  text = '{ show(id: 7) }',
  name = 'Query.show',
) {
  const api = await defineApi({
    sdl,
    functions,
    resolvers: { [name]: { ...pipeline, functions: Object.keys(functions) } },
  });
  const { data, errors } = await execute(api, text);
  const shown = (data as { show?: string | null } | null)?.show;
  return { data, errors, shown: typeof shown === 'string' ? (JSON.parse(shown) as unknown) : shown };
}

const payload = (json: string) => `{"payload": ${json}}`;

describe('a pipeline', () => {
  it('should hand each result to the next handler, from before to after', async () => {
    const { shown, errors } = await run(
      {
        first: { request: payload('["first", $util.toJson($ctx.prev.result)]') },
        second: { request: payload('["second", $util.toJson($ctx.prev.result)]') },
      },
      { request: '{"before": "$ctx.args.id"}', response: '["after", $util.toJson($ctx.prev.result)]' },
    );
    expect(errors).toEqual([]);
    expect(shown).toEqual(['after', ['second', ['first', { before: '7' }]]]);
  });

  it('should show the handler after it the last result, and no error', async () => {
    const { shown } = await run(
      { only: { request: payload('"last"') } },
      { response: '{"result": "$ctx.result", "prev": "$ctx.prev.result", "error": $util.toJson($ctx.error)}' },
    );
    expect(shown).toEqual({ result: 'last', prev: 'last', error: null });
  });

  it('should share one stash among all of its handlers, and with no other field', async () => {
    const put = (name: string) => `$util.qr($ctx.stash.put("${name}", $ctx.stash.size()))`;
    const api = await defineApi({
      sdl,
      functions: { step: { request: put('request') + payload('1'), response: `${put('response')}2` } },
      resolvers: {
        'Query.show': {
          functions: ['step'],
          request: `${put('before')}{}`,
          response: `${put('after')}$util.toJson($ctx.stash)`,
        },
      },
    });
    const { data } = await execute(api, '{ a: show b: show }');
    const stash = JSON.stringify({ before: 0, request: 1, response: 2, after: 3 });
    expect(data).toEqual({ a: stash, b: stash });
  });

  it('should see arguments, and no result, in requests', async () => {
    const { shown } = await run({
      first: { request: payload('1') },
      second: { request: payload('{"id": "$ctx.args.id", "result": $util.toJson($ctx.result)}') },
    });
    expect(shown).toEqual({ id: '7', result: null });
  });

  it('should start with an empty map, and end with the last result, where it has no handlers', async () => {
    expect((await run({ only: { request: payload('[$util.toJson($ctx.prev.result)]') } })).shown).toEqual([{}]);
  });

  it('should give what the handler before made where it has no functions', async () => {
    expect((await run({}, { request: '["before"]' })).shown).toEqual(['before']);
  });

  it('should run a function as often as it is named', async () => {
    const api = await defineApi({
      sdl,
      functions: { wrap: { request: payload('[$util.toJson($ctx.prev.result)]') } },
      resolvers: { 'Query.show': { functions: ['wrap', 'wrap', 'wrap'], request: '0' } },
    });
    expect((await execute(api, '{ show }')).data).toEqual({ show: '[[[0]]]' });
  });

  it('should hold functions to version 2018-05-29, whatever their templates say', async () => {
    const old = '{"version": "2017-02-28", "payload": null}';
    const { shown, errors } = await run({
      failing: {
        request: old,
        answer: () => {
          throw new FieldError('No.', 'Refused');
        },
        response: '"$ctx.error.message"',
      },
      empty: { request: old, response: '[$util.toJson($ctx.prev.result), "ran"]' },
    });
    expect(errors).toEqual([]);
    expect(shown).toEqual(['No.', 'ran']);
  });
});

describe('an early return', () => {
  const never = vi.fn();

  it('should be the function’s result, and go on with the next, in a request', async () => {
    const { shown } = await run({
      first: { request: '#return("early")', answer: never, response: '"late"' },
      second: { request: payload('["second", "$ctx.prev.result"]') },
    });
    expect(shown).toEqual(['second', 'early']);
    expect(never).not.toHaveBeenCalled();
  });

  it('should be the function’s result in a response', async () => {
    const { shown } = await run({
      first: { response: '#return("early")"late"' },
      second: { request: payload('["second", "$ctx.prev.result"]') },
    });
    expect(shown).toEqual(['second', 'early']);
  });

  it('should be the field’s value in the template before', async () => {
    const { shown } = await run({ only: { answer: never } }, { request: '#return(["early"])', response: '"late"' });
    expect(shown).toEqual(['early']);
    expect(never).not.toHaveBeenCalled();
  });
});

describe('an error in a pipeline', () => {
  const refuse = () => {
    throw new FieldError('No.', 'Refused', { id: 't1', title: 'Roof' });
  };

  it('should be seen by the response of its own function only', async () => {
    const { shown, errors } = await run({
      first: { answer: refuse, response: '"$ctx.error.type: $ctx.result.title"' },
      second: {
        request: payload('["$ctx.prev.result", $util.toJson($ctx.error)]'),
        response: '{"result": $util.toJson($ctx.result), "error": $util.toJson($ctx.error)}',
      },
    });
    expect(errors).toEqual([]);
    expect(shown).toEqual({ result: ['Refused: Roof', null], error: null });
  });

  it.each<[string, Readonly<Record<string, StepCase>>, Omit<ResolverCase, 'functions'>]>([
    ['the handler before', {}, { request: '$util.error("No.", "Refused")' }],
    ['a request', { first: { request: '$util.error("No.", "Refused")' } }, {}],
    ['a response', { first: { response: '$util.error("No.", "Refused")' } }, {}],
    [
      'a response that raises the data source’s',
      { first: { answer: refuse, response: '$util.error($ctx.error.message, $ctx.error.type)' } },
      {},
    ],
    ['the handler after', {}, { response: '$util.error("No.", "Refused")' }],
  ])('should end the field when %s raises it', async (_what, functions, pipeline) => {
    const answer = vi.fn();
    const { data, errors } = await run({ ...functions, last: { answer } }, pipeline);
    expect(data).toEqual({ show: null });
    expect(errors).toMatchObject([{ path: ['show'], message: 'No.', errorType: 'Refused' }]);
    expect(answer).toHaveBeenCalledTimes(pipeline.response ? 1 : 0);
  });

  it('should show only what the field selects of its data', async () => {
    const { errors } = await run(
      { first: { answer: refuse, response: '$util.error("No.", "Refused", $ctx.result)' } },
      {},
      '{ task { id } }',
      'Query.task',
    );
    expect(errors).toMatchObject([{ data: { id: 't1' } }]);
    expect(errors[0]!.data).not.toHaveProperty('title');
  });

  it('should publish nothing for a mutation', async () => {
    const api = await defineApi({
      sdl: `${sdl} type Subscription { onCreated: Task @aws_subscribe(mutations: ["createTask"]) }`,
      functions: { save: { response: '$util.error("No.")' } },
      resolvers: { 'Mutation.createTask': { functions: ['save'] } },
    });
    expect((await execute(api, 'mutation { createTask { id } }')).entries).toEqual([]);
  });
});

describe('the data source of a function', () => {
  it('should be told the resolver, the function, the request and the batch size', async () => {
    const calls: unknown[] = [];
    const api = await defineApi({
      sdl,
      functions: { load: {} },
      resolvers: { 'Query.show': { functions: ['load'] } },
      settings: { functions: [{ name: 'load', dataSourceName: 'Tasks', maxBatchSize: 9 }] },
      listen: (call) => calls.push(call),
    });
    await execute(api, '{ a: show b: show }');
    const call = { resolver: 'Query.show', functionName: 'load', maxBatchSize: 9 };
    expect(calls).toMatchObject([call, call]);
    const [first, second] = calls as { request: object }[];
    expect(first!.request).toBe(second!.request);
  });
});
