import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { createLambdaDataSource } from '#libs/data-sources';
import type { DataSource, DataSourceCall, LambdaAnswer, LambdaInvocation } from '#libs/data-sources';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.allTasks' };
const batch: JsonObject = { operation: 'BatchInvoke' };

interface FakeFunction {
  readonly source: DataSource;
  readonly invocations: LambdaInvocation[];
  /** The events of the invocations. */
  readonly events: () => unknown[];
}

/** A function that answers each event with what `answer` makes of it. */
function fake(answer: (event: JsonValue) => LambdaAnswer | Promise<LambdaAnswer> = echo): FakeFunction {
  const invocations: LambdaInvocation[] = [];
  const invoker = {
    async invoke(invocation: LambdaInvocation) {
      invocations.push(invocation);
      return answer(JSON.parse(invocation.payload) as JsonValue);
    },
    async close() {},
  };
  return {
    source: createLambdaDataSource({ invoker }),
    invocations,
    events: () => invocations.map(({ payload }) => JSON.parse(payload) as unknown),
  };
}

function result(value: JsonValue): LambdaAnswer {
  return { kind: 'result', payload: JSON.stringify(value) };
}

function echo(event: JsonValue): LambdaAnswer {
  return result(event);
}

describe('a document', () => {
  it.each<[JsonObject, string]>([
    [{}, "Value for field '$[operation]' not found."],
    [{ operation: 'invoke' }, "Unsupported operation 'invoke'. Available are Invoke, BatchInvoke."],
    [{ operation: 'Invoke', paylod: 1 }, "Unsupported element '$[paylod]'."],
    [
      { operation: 'Invoke', invocationType: 'DryRun' },
      `Expected one of RequestResponse, Event for field '$[invocationType]', but got the string "DryRun".`,
    ],
  ])('should be refused before the function is run: %j', async (document, message) => {
    const { source, invocations } = fake();
    expect(await refusalOf(source.execute(document, call))).toMatchObject({ errorType: 'MappingTemplate', message });
    expect(invocations).toEqual([]);
  });

  it('should be refused when its payload is larger than Lambda takes', async () => {
    const { source, invocations } = fake();
    const document = { operation: 'Invoke', payload: 'ü'.repeat(3_200_000) };
    expect(await refusalOf(source.execute(document, call))).toMatchObject({
      errorType: 'Lambda:IllegalArgument',
      message: 'Request must be smaller than 6291556 bytes for the InvokeFunction operation.',
    });
    expect(invocations).toEqual([]);
  });

  it.each([[{}], [{ invocationType: null }], [{ invocationType: 'RequestResponse' }]])(
    'should wait for the answer with %j',
    async (more) => {
      const { source, invocations } = fake();
      await source.execute({ operation: 'Invoke', ...more }, call);
      expect(invocations).toEqual([{ payload: 'null', invocationType: 'RequestResponse', signal: undefined }]);
    },
  );
});

describe('what a function answers', () => {
  it.each([
    ['', null],
    ['null', null],
    ['{"id":"t1"}', { id: 't1' }],
  ])('should be the result: %j', async (payload, expected) => {
    const { source } = fake(() => ({ kind: 'result', payload }));
    expect(await source.execute({ operation: 'Invoke' }, call)).toEqual(expected);
  });

  it.each(['<html>', '{"id":', 'undefined'])('should be told when it is no JSON: %s', async (payload) => {
    const { source } = fake(() => ({ kind: 'result', payload }));
    expect(await refusalOf(source.execute({ operation: 'Invoke' }, call))).toMatchObject({
      errorType: 'Lambda:IllegalArgument',
      message: 'The function answered no JSON.',
    });
  });

  it.each<[string, string, string]>([
    ['{"errorType":"Error","errorMessage":"no"}', 'Lambda:Unhandled', 'no'],
    ['{"errorType":"ValueError","errorMessage":"no"}', 'Lambda:Unhandled', 'no'],
    ['{"errorType":"java.lang.RuntimeException","errorMessage":"no"}', 'Lambda:Unhandled', 'no'],
    ['{"errorType":"Runtime.ImportModuleError","errorMessage":"no"}', 'Lambda:Unhandled', 'no'],
    ['{"errorType":"com.example.BoardClosed","errorMessage":"no"}', 'com.example.BoardClosed', 'no'],
    ['{"errorType":"BoardClosed","errorMessage":""}', 'BoardClosed', 'The function failed.'],
    ['{"errorMessage":"Task timed out after 3.00 seconds"}', 'Lambda:Unhandled', 'Task timed out after 3.00 seconds'],
    [
      '{"errorType":"UnauthorizedException","errorMessage":"key 17 is void"}',
      'UnauthorizedException',
      'You are not authorized to make this call.',
    ],
    ['{"errorType":7,"errorMessage":{}}', 'Lambda:Unhandled', 'The function failed.'],
    ['["no"]', 'Lambda:Unhandled', 'The function failed.'],
    ['<html>', 'Lambda:Unhandled', 'The function failed.'],
    ['', 'Lambda:Unhandled', 'The function failed.'],
  ])('should be told when it failed: %s', async (payload, errorType, message) => {
    const { source } = fake(() => ({ kind: 'failure', payload }));
    const error = await refusalOf(source.execute({ operation: 'Invoke' }, call));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({ errorType, message, data: null, errorInfo: null });
  });

  it('should keep its stack for the log', async () => {
    const { source } = fake(() => ({ kind: 'failure', payload: '{"errorMessage":"no","trace":["at /var/task"]}' }));
    expect(await refusalOf(source.execute({ operation: 'Invoke' }, call))).toMatchObject({
      message: 'no',
      cause: { message: expect.stringContaining('/var/task') as string },
    });
  });
});

describe('BatchInvoke', () => {
  const request = {};

  function executeAll(
    source: DataSource,
    payloads: readonly JsonValue[],
    callOf: (index: number) => Partial<DataSourceCall> = () => ({}),
  ): Promise<PromiseSettledResult<JsonValue>[]> {
    return Promise.allSettled(
      payloads.map((payload, index) => source.execute({ ...batch, payload }, { ...call, request, ...callOf(index) })),
    );
  }

  function valuesOf(results: PromiseSettledResult<JsonValue>[]): unknown[] {
    return results.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason) as unknown);
  }

  it('should hand the payloads of sibling fields to the function as one list, and each its answer', async () => {
    const { source, events } = fake((event) => result((event as string[]).map((id) => ({ data: id }))));
    expect(valuesOf(await executeAll(source, ['a', 'b', 'c']))).toEqual([{ data: 'a' }, { data: 'b' }, { data: 'c' }]);
    expect(events()).toEqual([['a', 'b', 'c']]);
  });

  it('should hand a single payload over as a list', async () => {
    const { source, events } = fake();
    expect(await source.execute({ ...batch, payload: 'a' }, { ...call, request })).toBe('a');
    expect(await source.execute({ ...batch, payload: 'b' }, call)).toBe('b');
    expect(events()).toEqual([['a'], ['b']]);
  });

  it('should leave elements with an error to the response handler', async () => {
    const element = { data: null, errorMessage: 'closed', errorType: 'BoardClosed' };
    const { source } = fake(() => result([element]));
    expect(await source.execute(batch, call)).toEqual(element);
  });

  it('should collect calls that are made some promises later in the same turn', async () => {
    const { source, events } = fake();
    await Promise.all(
      ['a', 'b', 'c'].map(async (payload, index) => {
        for (let step = 0; step < index * 10; step += 1) await Promise.resolve();
        return source.execute({ ...batch, payload }, { ...call, request });
      }),
    );
    expect(events()).toEqual([['a', 'b', 'c']]);
  });

  it.each([
    [undefined, [5, 5, 1]],
    [0, [5, 5, 1]],
    [4, [4, 4, 3]],
    [1, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [2000, [11]],
  ])('should send no more at once than maxBatchSize %j', async (maxBatchSize, sizes) => {
    const { source, events } = fake();
    const payloads = Array.from({ length: 11 }, (_, index) => index);
    expect(valuesOf(await executeAll(source, payloads, () => ({ maxBatchSize })))).toEqual(payloads);
    expect(events().map((event) => (event as unknown[]).length)).toEqual(sizes);
  });

  it('should send 2000 at most', async () => {
    const { source, events } = fake();
    await executeAll(source, Array<null>(2001).fill(null), () => ({ maxBatchSize: 5000 }));
    expect(events().map((event) => (event as unknown[]).length)).toEqual([2000, 1]);
  });

  it.each<[string, (index: number) => Partial<DataSourceCall>]>([
    ['requests', () => ({ request: {} })],
    ['calls that name no request', () => ({ request: undefined })],
    ['resolvers', (index) => ({ resolver: `Task.field${index}` })],
    ['pipeline functions', (index) => ({ functionName: `function${index}` })],
  ])('should never mix those of different %s', async (_, callOf) => {
    const { source, events } = fake();
    expect(valuesOf(await executeAll(source, ['a', 'b'], callOf))).toEqual(['a', 'b']);
    expect(events()).toEqual([['a'], ['b']]);
  });

  it('should never mix events with what is waited for', async () => {
    const { source, invocations } = fake();
    const waiting = source.execute({ ...batch, payload: 'a' }, { ...call, request });
    const event = source.execute({ ...batch, payload: 'b', invocationType: 'Event' }, { ...call, request });
    expect([await waiting, await event]).toEqual(['a', null]);
    expect(invocations.map(({ payload, invocationType }) => [payload, invocationType])).toEqual(
      expect.arrayContaining([
        ['["a"]', 'RequestResponse'],
        ['["b"]', 'Event'],
      ]),
    );
  });

  it.each<[JsonValue, string]>([
    [['a'], 'a list of 1'],
    [['a', 'b', 'c'], 'a list of 3'],
    [{ data: ['a', 'b'] }, 'no list'],
    [null, 'no list'],
  ])('should be told to everyone when the answer is %j for two', async (answer, actual) => {
    const { source } = fake(() => result(answer));
    const expected = expect.objectContaining({
      errorType: 'Lambda:IllegalArgument',
      message: `The function must answer a list of 2 results, but answered ${actual}.`,
    }) as unknown;
    expect(valuesOf(await executeAll(source, ['a', 'b']))).toEqual([expected, expected]);
  });

  it('should be told to everyone when the function failed', async () => {
    const { source } = fake(() => ({ kind: 'failure', payload: '{"errorType":"Error","errorMessage":"no"}' }));
    const expected = expect.objectContaining({ errorType: 'Lambda:Unhandled', message: 'no' }) as unknown;
    expect(valuesOf(await executeAll(source, ['a', 'b']))).toEqual([expected, expected]);
  });

  it('should not send what was cancelled before', async () => {
    const { source, events } = fake();
    const controller = new AbortController();
    const cancelled = refusalOf(
      source.execute({ ...batch, payload: 'a' }, { ...call, request, signal: controller.signal }),
    );
    const other = source.execute({ ...batch, payload: 'b' }, { ...call, request });
    const timedOut = new FieldError('Execution timed out.', 'ExecutionTimeout');
    controller.abort(timedOut);
    expect(await cancelled).toBe(timedOut);
    expect(await other).toBe('b');
    expect(events()).toEqual([['b']]);
  });

  it('should end with its callers, and for each when its own signal fires', async () => {
    const { source, invocations } = fake(() => new Promise(() => undefined));
    const controllers = [new AbortController(), new AbortController()];
    const timedOut = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const waiting = controllers.map(({ signal }) => refusalOf(source.execute(batch, { ...call, request, signal })));
    await new Promise((resolve) => setImmediate(resolve));

    controllers[0]!.abort(timedOut);
    expect(await waiting[0]).toBe(timedOut);
    expect(invocations[0]?.signal?.aborted).toBe(false);
    controllers[1]!.abort(timedOut);
    expect(await waiting[1]).toBe(timedOut);
    expect(invocations[0]?.signal?.aborted).toBe(true);
  });
});
