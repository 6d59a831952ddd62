import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocols } from './protocols.js';
import type { Subscriber, Variables } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const tasks = [
  { id: 'on-b1', title: 'Paint', boardId: 'b1', level: 1 },
  { id: 'on-b2', title: 'Paint', boardId: 'b2', level: 2 },
  { id: 'on-none', title: 'Paint', boardId: null, level: 3 },
  { id: 'unselected', title: 'Paint', level: 4 },
];
/** Matches every filter of these tests, and so tells that no other delivery is on its way. */
const marks = [
  { id: 'last', title: 'Paint', boardId: 'b1', level: 2 },
  { id: 'last', title: 'Paint', boardId: null, level: 2 },
];

let count = 0;

/** Ids of the tasks that a subscription got, in order, after the tasks above were published. */
async function received(gateway: TestGateway, client: Subscriber, query: string, variables?: Variables) {
  const id = `s${(count += 1)}`;
  await client.subscribe(id, query, variables);
  for (const task of [...tasks, ...marks]) await gateway.publish('createTask', task);
  const ids: unknown[] = [];
  while (ids.at(-1) !== 'last') {
    const [task] = Object.values((await client.delivery(id)).data ?? {}) as { id: unknown }[];
    ids.push(task?.id);
  }
  await client.stop(id);
  return ids.slice(0, -1);
}

describe.each(protocols)('the boards example over $name', ({ connect }) => {
  let gateway: TestGateway;
  let client: Subscriber;
  beforeAll(async () => {
    gateway = await startGateway({ api: 'boards' });
    client = await connect(gateway, { 'x-api-key': apiKey });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['a literal', 'subscription { onTaskCreated(boardId: "b1") { id } }', {}, ['on-b1']],
    ['a variable', 'subscription S($b: String) { onTaskCreated(boardId: $b) { id } }', { b: 'b1' }, ['on-b1']],
    ['no argument', 'subscription { onTaskCreated { id } }', {}, ['on-b1', 'on-b2', 'on-none', 'unselected']],
    ['an explicit null', 'subscription { onTaskCreated(boardId: null) { id } }', {}, ['on-none', 'unselected']],
    [
      'a variable that is null',
      'subscription S($b: String) { onTaskCreated(boardId: $b) { id } }',
      { b: null },
      ['on-none', 'unselected'],
    ],
    [
      'a variable that was not supplied, unlike the GraphQL specification',
      'subscription S($b: String) { onTaskCreated(boardId: $b) { id } }',
      {},
      ['on-none', 'unselected'],
    ],
    [
      'a variable with a default that was not supplied',
      'subscription S($b: String = "b1") { onTaskCreated(boardId: $b) { id } }',
      {},
      ['on-b1'],
    ],
  ])('should filter by %s', async (_name, query, variables, ids) => {
    expect(await received(gateway, client, query, variables)).toEqual(ids);
  });

  it("should deliver null with AppSync's error when the mutation did not select a required field", async () => {
    await client.subscribe('required', 'subscription { onTaskCreated(boardId: "b9") { id title } }');
    await gateway.publish('createTask', { boardId: 'b9', id: 'x' });
    expect(await client.delivery('required')).toEqual({
      data: { onTaskCreated: null },
      errors: [
        {
          message: "Cannot return null for non-nullable type: 'String' within parent 'Task' (/onTaskCreated/title)",
          path: ['onTaskCreated', 'title'],
        },
      ],
    });
  });

  it('should go on after an entry of the log that it cannot read', async () => {
    await client.subscribe('poisoned', 'subscription { onTaskCreated(boardId: "b9") { id } }');
    await gateway.append({ kind: 'event', mutation: 'createTask', payload: '{"id": ' });
    await gateway.append({ kind: 'invalidation', subscriptionField: 'onTaskCreated', payload: 'meow' });
    await gateway.publish('createTask', { boardId: 'b9', id: 'after' });
    expect(await client.delivery('poisoned')).toEqual({ data: { onTaskCreated: { id: 'after' } } });
    expect(gateway.logged.match(/A log entry could not be handled/g)).toHaveLength(2);
  });
});

describe.each(protocols)('the tasks example with filters of the client over $name', ({ connect }) => {
  const field = 'onHightPriorityEngineeringTaskCreated';
  let gateway: TestGateway;
  let client: Subscriber;
  beforeAll(async () => {
    gateway = await startGateway({ api: 'tasks-client-filter' });
    client = await connect(gateway, await gateway.authorization({ username: 'jdoe' }));
  });
  afterAll(() => gateway.stop());

  it.each([
    ['an object', { classification: { le: 2 } }],
    ['a list of one object, as Amplify users send it', [{ classification: { le: 2 } }]],
  ])('should take a filter that is %s', async (_name, filter) => {
    const id = JSON.stringify(filter);
    const query = `subscription S($filter: String) { ${field}(filter: $filter) { id classification } }`;
    await client.subscribe(id, query, { filter: JSON.stringify(filter) });
    await gateway.publish('createTask', { id: 'high', classification: 3 });
    await gateway.publish('createTask', { id: 'low', classification: 2 });
    expect(await client.delivery(id)).toEqual({ data: { [field]: { id: 'low', classification: 2 } } });
  });
});

describe.each(protocols)('filters that AppSync refuses, over $name', ({ connect }) => {
  let gateway: TestGateway;
  let client: Subscriber;
  beforeAll(async () => {
    gateway = await startGateway({ api: tasksWithRights });
    client = await connect(gateway, await gateway.authorization({ username: 'jdoe' }));
  });
  afterAll(() => gateway.stop());

  const query = 'subscription S($filter: String!) { onFiltered(filter: $filter) { id } }';
  const eq = (fieldName: string) => ({ fieldName, operator: 'eq', value: 1 });
  const group = (...filters: unknown[][]) => ({ filterGroup: filters.map((rules) => ({ filters: rules })) });
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];

  it.each([
    ['six fields', group(names.slice(0, 6).map(eq)), 'Filters exceed maximum attributes limit 5 for subscription'],
    [
      'eleven filters',
      group(...names.map((name) => [eq(name)])),
      'Filters combination exceed maximum limit 10 for subscription.',
    ],
    [
      'six values of in',
      group([{ fieldName: 'a', operator: 'in', value: [1, 2, 3, 4, 5, 6] }]),
      'subscription exceeds maximum value limit 5 for operator `in`.',
    ],
    [
      'an empty containsAny',
      group([{ fieldName: 'a', operator: 'containsAny', value: [] }]),
      'subscription filter has invalid filter value for operator `containsAny`.',
    ],
    ['a field twice', group([eq('a'), eq('a')]), 'subscription filter uses same fieldName multiple time'],
  ])('should be answered with its text, to the letter: %s', async (_name, filter, message) => {
    const errors = await client.refusalOf('f', query, { filter: JSON.stringify(filter) });
    expect(errors).toEqual([{ message, errorCode: 400 }]);
    expect(gateway.subscriptionCount).toBe(0);
  });

  it('should leave the id free for a filter that is good', async () => {
    await client.subscribe('f', query, { filter: JSON.stringify(group([eq('level')])) });
    await gateway.publish('createTask', { id: 't', level: 1 });
    expect(await client.delivery('f')).toEqual({ data: { onFiltered: { id: 't' } } });
    await client.stop('f');
  });

  it('should take the default of an argument as if it had been sent', async () => {
    expect(await received(gateway, client, 'subscription { onTaskOnDefaultBoard { id } }')).toEqual(['on-b1']);
  });
});
