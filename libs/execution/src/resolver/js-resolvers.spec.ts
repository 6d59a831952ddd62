import { describe, expect, it, vi } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import type { ResolverCase, StepCase } from '../../test/define-api.js';
import { execute } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  type Query {
    show(id: ID): AWSJSON
  }
`;

async function run(resolver: ResolverCase, functions: Readonly<Record<string, StepCase>> = {}) {
  const api = await defineApi({
    sdl,
    functions,
    resolvers: { 'Query.show': resolver },
    environmentVariables: { STAGE: 'test' },
  });
  const { data, errors } = await execute(api, '{ show(id: 7) }');
  const shown = (data as { show: string | null }).show;
  return { errors, shown: shown === null ? null : (JSON.parse(shown) as unknown) };
}

const code = (request: string, response = 'ctx.result') => `import { util, runtime } from '@aws-appsync/utils';
export function request(ctx) { return ${request}; }
export function response(ctx) { return ${response}; }`;

const refuse = () => {
  throw new FieldError('No.', 'Refused', { id: 't1' });
};

describe('a unit resolver in JavaScript', () => {
  it('should run its handlers around the data source', async () => {
    const { shown, errors } = await run({
      code: code('{ payload: { ...ctx.args, stage: ctx.env.STAGE } }', '[ctx.result, ctx.info.fieldName]'),
    });
    expect(errors).toEqual([]);
    expect(shown).toEqual([{ id: '7', stage: 'test' }, 'show']);
  });

  it('should behave as version 2018-05-29, whatever its document says', async () => {
    const old = "{ version: '2017-02-28', payload: null }";
    expect((await run({ code: code(old, "'ran'") })).shown).toBe('ran');
    const failed = await run({ code: code(old, '[ctx.error.message, ctx.error.type, ctx.result]'), answer: refuse });
    expect(failed).toMatchObject({ errors: [], shown: ['No.', 'Refused', { id: 't1' }] });
  });

  it('should give what an early return gives', async () => {
    const answer = vi.fn();
    const { shown } = await run({ code: code("runtime.earlyReturn({ early: 'yes' })", "'late'"), answer });
    expect(shown).toEqual({ early: 'yes' });
    expect(answer).not.toHaveBeenCalled();
  });

  it('should be refused when its request is no object', async () => {
    const { errors } = await run({ code: code("'GetItem'") });
    expect(errors).toMatchObject([{ errorType: 'Code', message: 'The request handler must return an object.' }]);
  });

  it.each([
    [900, []],
    [1100, [{ message: expect.stringContaining('the limit of 1024 bytes') as string }]],
  ])('should be held to the size of what a handler makes, with %i characters', async (length, expected) => {
    const api = await defineApi({
      sdl,
      settings: { limits: { maxEvaluatedBytes: 1024 } },
      resolvers: { 'Query.show': { code: code('{ payload: 1 }', `'${'x'.repeat(length)}'`) } },
    });
    expect((await execute(api, '{ show }')).errors).toMatchObject(expected);
  });
});

describe('a pipeline in JavaScript', () => {
  const pass = code('ctx.args', '[...ctx.prev.result, "after"]');
  const step = (name: string) => ({ code: code(`{ payload: [...ctx.prev.result, '${name}'] }`) });
  const functions = ['first', 'second', 'third'];
  const around = { functions, code: code("['before']", "[...ctx.prev.result, 'after']") };

  it('should hand each result to the next handler', async () => {
    const { shown, errors } = await run(around, { first: step('1'), second: step('2'), third: step('3') });
    expect(errors).toEqual([]);
    expect(shown).toEqual(['before', '1', '2', '3', 'after']);
  });

  it('should show the stash and the last result to all that follow', async () => {
    const { shown } = await run(
      { functions: ['first'], code: code('(ctx.stash.seen = 1)', '[ctx.stash.seen, ctx.result, ctx.prev.result]') },
      { first: { code: code('{ payload: ctx.stash.seen + 1 }', '(ctx.stash.seen = ctx.result)') } },
    );
    expect(shown).toEqual([2, 2, 2]);
  });

  it.each<[string, string, string[]]>([
    ['the next function by itself', "runtime.earlyReturn(['early'])", ['early', '2', '3', 'after']],
    ['the next function', "runtime.earlyReturn(['early'], { skipTo: 'NEXT' })", ['early', '2', '3', 'after']],
    ['the response handler', "runtime.earlyReturn(['early'], { skipTo: 'END' })", ['early', 'after']],
  ])('should go on with %s after an early return of a function', async (_what, request, expected) => {
    const answer = vi.fn();
    const early = { code: code(request, "['late']"), answer };
    const { shown } = await run(around, { first: early, second: step('2'), third: step('3') });
    expect(shown).toEqual(expected);
    expect(answer).not.toHaveBeenCalled();
  });

  it('should go on with the response handler after an early return of its own request', async () => {
    const answer = vi.fn();
    const { shown } = await run(
      { functions: ['first'], code: code("runtime.earlyReturn(['early'])", '[...ctx.result, ...ctx.prev.result]') },
      { first: { ...step('1'), answer } },
    );
    expect(shown).toEqual(['early', 'early']);
    expect(answer).not.toHaveBeenCalled();
  });

  it('should mix with functions in VTL', async () => {
    const { shown } = await run(
      { functions: ['first', 'second'], code: pass.replace('ctx.args', "['before']") },
      { first: { request: '{"payload": ["$ctx.prev.result[0]", "vtl"]}' }, second: step('js') },
    );
    expect(shown).toEqual(['before', 'vtl', 'js', 'after']);
  });

  it('should forget an error that a function does not raise', async () => {
    const { shown, errors } = await run(
      { functions: ['first', 'second'], code: code('{}', '[ctx.prev.result, ctx.error ?? null]') },
      {
        first: { code: code('{}', 'ctx.error.type'), answer: refuse },
        second: { code: code('{ payload: [ctx.prev.result, ctx.error ?? null] }') },
      },
    );
    expect(errors).toEqual([]);
    expect(shown).toEqual([['Refused', null], null]);
  });

  it('should end where a function raises an error', async () => {
    const answer = vi.fn();
    const { shown, errors } = await run(
      { functions: ['first', 'second'], code: code('{}') },
      { first: { code: code('{}', "util.error('No.', 'Refused')") }, second: { answer } },
    );
    expect(shown).toBeNull();
    expect(errors).toMatchObject([{ path: ['show'], message: 'No.', errorType: 'Refused' }]);
    expect(answer).not.toHaveBeenCalled();
  });
});
