import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DataSourceCall, LambdaAnswer, LambdaInvocation } from '#libs/data-sources';
import { nextTokenSecret, refusalOf, startTaskTable } from './start-task-table.js';
import type { TaskTable } from './start-task-table.js';

const lambdaArn = 'arn:aws:lambda:us-west-2:123456789012:function:resolveTask:live';
const key = { id: { S: 't1' } };
const values = {
  title: { S: 'Paint' },
  tags: { SS: ['a', 'b'] },
  version: { N: 8 },
  rank: { N: '12345678901234567890' },
};
const stored = { id: 't1', title: 'Paint', tags: ['a', 'b'], version: 8, rank: 12345678901234567000 };
const condition = { expression: 'version = :expected', expressionValues: { ':expected': { N: 1 } } };
const onVersion8 = { expression: 'version = :expected', expressionValues: { ':expected': { N: 8 } } };
const custom = { ...condition, conditionalCheckFailedHandler: { strategy: 'Custom', lambdaArn } };
const put = { operation: 'PutItem', key, attributeValues: { title: { S: 'Varnish' } }, condition: custom };
const setTitle = { expression: 'SET title = :title', expressionValues: { ':title': { S: 'Varnish' } } };
const update = { operation: 'UpdateItem', key, update: setTitle, condition: custom };
const remove = { operation: 'DeleteItem', key, condition: custom };
const refusal = { errorType: 'DynamoDB:ConditionalCheckFailedException', data: stored };

let table: TaskTable;
beforeAll(async () => {
  table = await startTaskTable();
});
afterAll(() => table.stop());
beforeEach(async () => {
  await table.run({ operation: 'PutItem', key, attributeValues: values });
});

const read = () => table.run({ operation: 'GetItem', key });

/** The table with a conflict handler that answers each event with what `answer` makes of it. */
function withHandler(answer: (event: JsonObject) => JsonValue | LambdaAnswer | Promise<never>) {
  const events: JsonObject[] = [];
  const log: string[] = [];
  const source = createDynamoDbDataSource({
    tableName: 'Tasks',
    client: table.connection,
    nextTokenSecret,
    conflictHandlers: (arn) => {
      log.push(`made ${arn}`);
      return {
        async invoke({ payload }: LambdaInvocation): Promise<LambdaAnswer> {
          const event = JSON.parse(payload) as JsonObject;
          events.push(event);
          const answered = await answer(event);
          return isLambdaAnswer(answered) ? answered : { kind: 'result', payload: JSON.stringify(answered) };
        },
        async close() {
          log.push(`closed ${arn}`);
        },
      };
    },
  });
  onTestFinished(() => source.close());
  const run = (document: JsonObject, call: Partial<DataSourceCall> = {}) =>
    source.execute(document, { resolver: 'Mutation.updateTask', ...call });
  return { run, events, log, source };
}

function isLambdaAnswer(answer: JsonValue | LambdaAnswer): answer is LambdaAnswer {
  return typeof answer === 'object' && answer !== null && 'kind' in answer;
}

describe('a conflict handler', () => {
  it('should learn who wanted what, and what is stored, with its types and all of its digits', async () => {
    const { run, events } = withHandler(() => ({ action: 'discard' }));
    await run(update, {
      arguments: { id: 't1', title: 'Varnish' },
      identity: { username: 'jdoe' },
      outputType: 'Task',
    });
    expect(events).toEqual([
      {
        arguments: { id: 't1', title: 'Varnish' },
        requestMapping: update,
        currentValue: { ...key, ...values },
        resolver: {
          tableName: 'Tasks',
          awsRegion: 'local',
          parentType: 'Mutation',
          field: 'updateTask',
          outputType: 'Task',
        },
        identity: { username: 'jdoe' },
      },
    ]);
  });

  it('should not be asked when the write succeeds, or has nothing left to do', async () => {
    const { run, events } = withHandler(() => ({ action: 'reject' }));
    expect(await run({ ...put, attributeValues: values })).toEqual(stored);
    expect(await run({ ...remove, condition: { ...custom, ...onVersion8 } })).toEqual(stored);
    expect(await run(remove)).toBeNull();
    expect(events).toEqual([]);
  });

  it('should be told of no item as null', async () => {
    await table.run({ operation: 'DeleteItem', key });
    const { run, events } = withHandler(() => ({ action: 'discard' }));
    expect(await run(put)).toBeNull();
    expect(events).toMatchObject([{ currentValue: null, identity: null, arguments: {} }]);
  });

  it('should be made once and closed with the data source', async () => {
    const { run, log, source } = withHandler(() => ({ action: 'discard' }));
    await run(put);
    await run(update);
    await source.close();
    expect(log).toEqual([`made ${lambdaArn}`, `closed ${lambdaArn}`]);
  });
});

describe.each([put, update, remove])('a conflict of $operation', (document) => {
  it('should be the error when it is rejected', async () => {
    const { run } = withHandler(() => ({ action: 'reject' }));
    expect(await refusalOf(run(document))).toMatchObject(refusal);
    expect(await read()).toEqual(stored);
  });

  it('should be the stored item when it is discarded', async () => {
    const { run } = withHandler(() => ({ action: 'discard' }));
    expect(await run(document)).toEqual(stored);
    expect(await read()).toEqual(stored);
  });

  it('should be the error when the retry fails, too, and ask once', async () => {
    const { attributeValues, update: change } = document as JsonObject;
    const again = { ...(attributeValues && { attributeValues }), ...(change && { update: change }), condition };
    const { run, events } = withHandler(() => ({ action: 'retry', retryMapping: again as JsonObject }));
    expect(await refusalOf(run(document))).toMatchObject(refusal);
    expect(events).toHaveLength(1);
    expect(await read()).toEqual(stored);
  });
});

describe('a retry', () => {
  it('should put what the handler made of the stored item', async () => {
    const { run } = withHandler(({ requestMapping, currentValue }) => {
      const { version } = currentValue as { version: { N: number } };
      const { attributeValues } = requestMapping as { attributeValues: JsonObject };
      return {
        action: 'retry',
        retryMapping: {
          attributeValues: { ...attributeValues, version: { N: version.N + 1 } },
          condition: { expression: 'version = :expected', expressionValues: { ':expected': version } },
        },
      };
    });
    expect(await run(put)).toEqual({ id: 't1', title: 'Varnish', version: 9 });
    expect(await read()).toEqual({ id: 't1', title: 'Varnish', version: 9 });
  });

  it('should update under the condition it has, naming operation and key again', async () => {
    const again = { version: '2018-05-29', operation: 'UpdateItem', key, update: setTitle, condition: onVersion8 };
    const { run } = withHandler(() => ({ action: 'retry', retryMapping: again }));
    expect(await run(update)).toEqual({ ...stored, title: 'Varnish' });
  });

  it.each([[{}], [{ condition: { consistentRead: true } }]])(
    'should delete without a condition when it has no expression: %j',
    async (retryMapping) => {
      const { run } = withHandler(() => ({ action: 'retry', retryMapping }));
      expect(await run(remove)).toEqual(stored);
      expect(await read()).toBeNull();
    },
  );

  const sameAs = (name: string) =>
    `Expected the same value for field '$[retryMapping][${name}]' as in the document that is tried again.`;
  it.each<[JsonObject, string]>([
    [{ operation: 'DeleteItem' }, sameAs('operation')],
    [{ key: { id: { S: 't2' } }, update: setTitle }, sameAs('key')],
    [{}, "Value for field '$[retryMapping][update]' not found."],
    [{ update: setTitle, conditon: condition }, "Unsupported element '$[retryMapping][conditon]'."],
    [
      { update: setTitle, condition: { expressionValues: {} } },
      "Unsupported element '$[retryMapping][condition][expressionValues]'.",
    ],
    [
      { update: setTitle, condition: custom },
      "Unsupported element '$[retryMapping][condition][conditionalCheckFailedHandler]'.",
    ],
  ])('should be refused before it is sent: %j', async (retryMapping, message) => {
    const { run } = withHandler(() => ({ action: 'retry', retryMapping }));
    expect(await refusalOf(run(update))).toMatchObject({ errorType: 'MappingTemplate', message });
    expect(await read()).toEqual(stored);
  });
});

describe('a conflict handler that does not decide', () => {
  const noAction = 'The conflict handler must answer an object whose "action" is reject, discard or retry.';
  const noMapping = 'The conflict handler must answer a "retryMapping" with the action retry.';
  it.each<[JsonValue | LambdaAnswer, string, string]>([
    [null, 'Lambda:IllegalArgument', noAction],
    ['reject', 'Lambda:IllegalArgument', noAction],
    [{ action: 'Reject' }, 'Lambda:IllegalArgument', noAction],
    [{ action: 'retry' }, 'Lambda:IllegalArgument', noMapping],
    [{ action: 'retry', retryMapping: [] }, 'Lambda:IllegalArgument', noMapping],
    [{ kind: 'result', payload: 'reject' }, 'Lambda:IllegalArgument', 'The function answered no JSON.'],
    [
      { kind: 'failure', payload: '{"errorType": "TypeError", "errorMessage": "no title"}' },
      'Lambda:Unhandled',
      'no title',
    ],
  ])('should fail the write as a function of AWS_LAMBDA would: %j', async (answer, errorType, message) => {
    const { run } = withHandler(() => answer);
    const error = await refusalOf(run(put));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({ errorType, message, data: null });
    expect(await read()).toEqual(stored);
  });

  it('should fail the write when it takes too long', async () => {
    const timeout = new FieldError('Execution timed out.', 'Lambda:ExecutionTimeoutException');
    const { run } = withHandler(() => Promise.reject(timeout));
    expect(await refusalOf(run(put))).toBe(timeout);
  });

  it("should fail the write with the request's end", async () => {
    const ended = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    const { run } = withHandler(() => {
      controller.abort(ended);
      return Promise.reject(new Error('aborted'));
    });
    expect(await refusalOf(run(put, { signal: controller.signal }))).toBe(ended);
  });
});
