import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocols } from './protocols.js';
import type { Subscriber } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

function deep(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe.each(protocols)('a subscription over $name', ({ connect }) => {
  let gateway: TestGateway;
  let client: Subscriber;
  beforeAll(async () => {
    gateway = await startGateway({ api: tasksWithRights });
    client = await connect(gateway, await gateway.authorization({ username: 'jdoe' }));
  });
  afterAll(() => gateway.stop());

  it.each([
    [
      'its resolver says $util.unauthorized()',
      'subscription { onRefused(how: "unauthorized") { id } }',
      {
        errorType: 'Unauthorized',
        message: 'Not Authorized to access onRefused on type Subscription',
        path: ['onRefused'],
      },
    ],
    [
      'its resolver says $util.error() with a type and details',
      'subscription { refused: onRefused(how: "error") { id } }',
      { errorType: 'BoardClosed', message: 'The board is closed', errorInfo: { boardId: 'b1' }, path: ['refused'] },
    ],
    [
      'its resolver says $util.error() without a type',
      'subscription { onRefused(how: "plain") { id } }',
      { errorType: null, message: 'Without a type', data: null, errorInfo: null, path: ['onRefused'] },
    ],
    [
      'a group is asked for that the user is not in',
      'subscription { onManaged { id } }',
      {
        errorType: 'Unauthorized',
        message: 'Not Authorized to access onManaged on type Subscription',
        path: ['onManaged'],
      },
    ],
    [
      'its field allows no null and has no resolver',
      'subscription { onRequired { id } }',
      { message: "Cannot return null for non-nullable type: 'Task' within parent 'Subscription' (/onRequired)" },
    ],
    [
      'it selects a field that does not exist',
      'subscription { onTaskCreated { id nope } }',
      {
        path: null,
        message:
          "Validation error of type FieldUndefined: Field 'nope' in type 'Task' is undefined @ 'onTaskCreated/nope'",
        locations: [{ line: 1, column: 35, sourceName: null }],
      },
    ],
    [
      'it selects two fields of the root',
      'subscription { onTaskCreated { id } onOwn { id } }',
      { message: expect.stringContaining('Validation error of type SubscriptionMultipleRootFields') as string },
    ],
    [
      'it selects nothing of the root but __typename',
      'subscription { __typename }',
      { message: expect.stringContaining('Validation error of type SubscriptionMultipleRootFields') as string },
    ],
    [
      'it is a query',
      'query { getTask(id: "1") { id } }',
      {
        errorType: 'OperationNotSupported',
        errorCode: 400,
        message: "A query can't be run here; send it to the GraphQL endpoint over HTTP.",
      },
    ],
    [
      'it is a mutation',
      'mutation { createTask(id: "1") { id } }',
      { errorType: 'OperationNotSupported', errorCode: 400 },
    ],
    [
      'it is not GraphQL',
      'subscription { onTaskCreated { id }',
      {
        errorType: 'BadRequestException',
        errorCode: 400,
        message: expect.stringMatching(/^Unable to parse GraphQL query\. /) as string,
      },
    ],
    [
      'it is nested a thousand deep',
      `subscription { onTaskCreated(boardId: ${'['.repeat(1000)}${']'.repeat(1000)}) { id } }`,
      {
        errorType: 'DocumentLimitExceeded',
        errorCode: 400,
        message: 'The document has more than 200 levels (limits.maxDepth).',
      },
    ],
  ])('should be refused when %s', async (_name, query, error) => {
    const [told] = await client.refusalOf('refused', query);
    expect(told).toMatchObject(error);
    expect(gateway.subscriptionCount).toBe(0);
  });

  it.each([
    ['is missing', {}, "Variable 'how' has coerced Null value for NonNull type 'String!'"],
    ['is null', { how: null }, "Variable 'how' has coerced Null value for NonNull type 'String!'"],
    ['is of another type', { how: { a: 1 } }, /^Variable 'how' has an invalid value\. /],
    ['is a hundred lists deep', { how: deep(100) }, /^Variable 'how' has an invalid value\. /],
    ['is three thousand lists deep', { how: deep(3000) }, 'The variables have more than 200 levels (limits.maxDepth).'],
  ])('should be refused when a variable %s', async (_name, variables, message) => {
    const query = 'subscription S($how: String!) { onRefused(how: $how) { id } }';
    const [told] = await client.refusalOf('refused', query, variables);
    expect(told?.message).toEqual(typeof message === 'string' ? message : (expect.stringMatching(message) as string));
  });

  it('should leave the connection and its other subscriptions as they are when it is refused', async () => {
    await client.subscribe('good', 'subscription { onTaskCreated(boardId: "b1") { id } }');
    await client.refusalOf('bad', 'subscription { onManaged { id } }');
    await gateway.publish('createTask', { id: 't', boardId: 'b1' });
    expect(await client.delivery('good')).toEqual({ data: { onTaskCreated: { id: 't' } } });
    await client.stop('good');
  });

  it("should show a manager's field to managers, and to others the error a query would get", async () => {
    const query = 'subscription { onTaskCreated(boardId: "b2") { id estimate } }';
    const manager = await connect(
      gateway,
      await gateway.authorization({ username: 'janed', groups: ['ManagerGroup'] }),
    );
    const machine = await connect(gateway, { 'x-api-key': apiKey });
    for (const one of [client, manager, machine]) await one.subscribe('rights', query);
    await gateway.publish('createTask', { id: 't', boardId: 'b2', estimate: 5 });
    expect(await manager.delivery('rights')).toEqual({ data: { onTaskCreated: { id: 't', estimate: 5 } } });
    for (const one of [client, machine]) {
      expect(await one.delivery('rights')).toEqual({
        data: { onTaskCreated: { id: 't', estimate: null } },
        errors: [
          {
            message: 'Not Authorized to access estimate on type Task',
            path: ['onTaskCreated', 'estimate'],
            errorType: 'Unauthorized',
          },
        ],
      });
    }
  });
});
