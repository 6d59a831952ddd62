import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#libs/protocol';
import { defineApi } from '../test/define-api.js';
import type { ResolverCase } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import { RequestDeadline } from './index.js';

const sdl = /* GraphQL */ `
  type Task {
    id: ID
    title: String!
    note: String
    parent: Task
    children: [Task]
  }
  type Query {
    task: Task
    tasks: [Task]
    text: String
  }
`;

const limited = (settings: JsonObject, resolvers: Readonly<Record<string, ResolverCase>>) =>
  defineApi({ sdl, settings, resolvers });

const task = { id: 't1', title: 'Roof', parent: { id: 't0', title: 'House', parent: null } };

describe('the query depth limit', () => {
  const resolvers = { 'Query.task': { answer: () => task }, 'Query.tasks': { answer: () => [task, task] } };

  it('should null fields below it, leaves included, and answer the others', async () => {
    const api = await limited({ queryDepthLimit: 2 }, resolvers);
    const { data, errors } = await execute(api, '{ task { id parent { id parent { id } } } }');
    expect(data).toEqual({ task: { id: 't1', parent: { id: null, parent: null } } });
    const error = {
      errorType: 'QueryDepthLimitReached',
      message: 'The operation is deeper than the limit of 2 levels.',
    };
    expect(errors).toMatchObject([
      { ...error, path: ['task', 'parent', 'id'] },
      { ...error, path: ['task', 'parent', 'parent'] },
    ]);
  });

  it('should null the nearest nullable parent of a field that may not be null', async () => {
    const api = await limited({ queryDepthLimit: 2 }, resolvers);
    expect((await execute(api, '{ task { id parent { title } } }')).data).toEqual({ task: { id: 't1', parent: null } });
  });

  it('should not count lists', async () => {
    const api = await limited({ queryDepthLimit: 2 }, resolvers);
    expect((await execute(api, '{ tasks { id } }')).errors).toEqual([]);
  });

  it('should run no resolver below it', async () => {
    let calls = 0;
    const api = await limited(
      { queryDepthLimit: 1 },
      { 'Query.task': { answer: () => task }, 'Task.note': { answer: () => (calls += 1) } },
    );
    await execute(api, '{ task { note } }');
    expect(calls).toBe(0);
  });

  it.each([[{}], [{ queryDepthLimit: 0 }]])('should be off for %o', async (settings) => {
    const api = await limited(settings, resolvers);
    const deep = `${'parent { '.repeat(80)}id${' }'.repeat(80)}`;
    expect((await execute(api, `{ task { ${deep} } }`)).errors).toEqual([]);
  });
});

describe('the resolver count limit', () => {
  it('should null the fields whose resolvers would be too many, and not run them', async () => {
    let calls = 0;
    const api = await limited({ resolverCountLimit: 2 }, { 'Query.text': { answer: () => `${(calls += 1)}` } });
    const { data, errors } = await execute(api, '{ a: text b: text c: text d: text }');
    expect(data).toEqual({ a: '1', b: '2', c: null, d: null });
    const error = {
      errorType: 'ResolverExecutionLimitReached',
      message: 'The request reached the limit of 2 resolvers.',
    };
    expect(errors).toMatchObject([
      { ...error, path: ['c'] },
      { ...error, path: ['d'] },
    ]);
  });

  it('should begin anew with each request', async () => {
    const api = await limited({ resolverCountLimit: 1 }, { 'Query.text': { answer: () => 'text' } });
    for (const text of ['{ text }', '{ again: text }']) expect((await execute(api, text)).errors).toEqual([]);
  });

  it('should count a pipeline once, and fields without a resolver not at all', async () => {
    const api = await defineApi({
      sdl,
      settings: { resolverCountLimit: 1 },
      functions: { load: { answer: () => task } },
      resolvers: { 'Query.task': { functions: ['load', 'load', 'load'] } },
    });
    expect((await execute(api, '{ task { id title parent { id } } }')).errors).toEqual([]);
  });

  it.each([[{}], [{ resolverCountLimit: 0 }]])('should be 10,000 for %o', { timeout: 20_000 }, async (settings) => {
    const api = await limited(settings, {
      'Query.tasks': { answer: () => Array.from({ length: 10_000 }, () => ({ id: 't1' })) },
      'Task.note': { request: '#return("note")' },
    });
    const { data, errors } = await execute(api, '{ tasks { note } }');
    expect(errors).toMatchObject([{ errorType: 'ResolverExecutionLimitReached', path: ['tasks', 9999, 'note'] }]);
    expect((data as { tasks: unknown[] }).tasks).toHaveLength(10_000);
  });
});

describe('the time of a request', () => {
  const timedOut = { errorType: 'ExecutionTimeout', message: 'Execution timed out.' };

  it('should end with AppSync’s error in all fields that are not done, and run no further handler', async () => {
    const pending = Promise.withResolvers<string>();
    const api = await limited(
      { limits: { requestTimeoutMs: 20 } },
      { 'Query.task': { answer: () => task }, 'Query.text': { answer: () => pending.promise, response: '"late"' } },
    );
    using deadline = new RequestDeadline(api.definition.limits.requestTimeoutMs);
    deadline.signal.addEventListener('abort', () => pending.resolve('late'));
    const { data, errors } = await execute(api, '{ task { id } text }', { deadline });
    expect(data).toEqual({ task: { id: 't1' }, text: null });
    expect(errors).toMatchObject([{ ...timedOut, path: ['text'] }]);
  });

  it('should end resolvers that never wait, without a signal', async () => {
    const busy = '#foreach($i in [1..900])#set($x = "$x$i")#end{"payload": 1}';
    const api = await limited(
      { limits: { requestTimeoutMs: 50 } },
      {
        'Query.tasks': { answer: () => Array.from({ length: 5000 }, () => ({ id: 't1' })) },
        'Task.note': { request: busy },
      },
    );
    const started = performance.now();
    const { errors } = await execute(api, '{ tasks { note } }');
    expect(performance.now() - started).toBeLessThan(5000);
    expect(errors.at(-1)).toMatchObject(timedOut);
  });
});

describe('the limits of handlers', () => {
  it('should bound what a handler makes', async () => {
    const api = await limited(
      { limits: { maxEvaluatedBytes: 1024 } },
      { 'Query.text': { response: 'x'.repeat(1025) } },
    );
    const { errors } = await execute(api, '{ text }');
    expect(errors[0]?.message).toContain('the limit of 1024 bytes of output is exceeded');
  });

  it('should bound loops', async () => {
    const loop = '#foreach($i in [1..3])$i#end';
    const resolvers = { 'Query.text': { response: loop } };
    expect((await execute(await limited({ limits: { maxLoopIterations: 3 } }, resolvers), '{ text }')).errors).toEqual(
      [],
    );
    const { errors } = await execute(await limited({ limits: { maxLoopIterations: 2 } }, resolvers), '{ text }');
    expect(errors[0]?.message).toContain('the limit of 2 iterations of one loop is exceeded');
  });
});
