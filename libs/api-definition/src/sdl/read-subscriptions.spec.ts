import { describe, expect, it } from 'vitest';
import { faultsOf, load, schemaWith, settingsWith } from '../../test/definition-files.js';

const subscription = 'onTaskCreated(boardId: String): Task @aws_subscribe(mutations: ["createTask"])';

function withSubscription(text: string, mutation = 'createTask(title: String, boardId: String): Task') {
  const sdl = schemaWith(subscription, text)['schema.graphql'] as string;
  return { 'schema.graphql': sdl.replace('createTask(title: String, boardId: String): Task', () => mutation) };
}

describe('@aws_subscribe', () => {
  it('should link subscriptions and mutations both ways', async () => {
    const definition = await load(
      withSubscription(
        `onTaskCreated: Task @aws_subscribe(mutations: ["createTask"])
         onTaskChanged: Task @aws_subscribe(mutations: ["createTask", "updateTask", "createTask"])`,
        'createTask(title: String, boardId: String): Task\nupdateTask(id: ID!): Task',
      ),
    );

    expect(Object.fromEntries(definition.subscriptions)).toEqual({
      onTaskCreated: ['createTask'],
      onTaskChanged: ['createTask', 'updateTask'],
    });
    expect(Object.fromEntries(definition.publications)).toEqual({
      createTask: ['onTaskCreated', 'onTaskChanged'],
      updateTask: ['onTaskChanged'],
    });
  });

  it.each([
    ['onTaskCreated: Task @aws_subscribe(mutations: ["createTask"])', 'createTask: Task!'],
    ['onTaskCreated: [Task!] @aws_subscribe(mutations: ["createTask"])', 'createTask: [Task]!'],
  ])('should let nullability differ: %s', async (text, mutation) => {
    expect(await faultsOf(withSubscription(text, mutation))).toEqual([]);
  });

  it.each([
    [
      'names no mutation of the schema',
      'onTaskCreated: Task @aws_subscribe(mutations: ["createTsk", "getTask"])',
      [
        'schema.graphql:5:23  @aws_subscribe on "onTaskCreated" names "createTsk", which is no mutation. Did you mean "createTask"?',
        'schema.graphql:5:23  @aws_subscribe on "onTaskCreated" names "getTask", which is no mutation. There is createTask.',
      ],
    ],
    [
      'names none at all',
      'onTaskCreated: Task @aws_subscribe(mutations: [])',
      [
        'schema.graphql:5:23  @aws_subscribe on "onTaskCreated" names no mutation. Name at least one: (mutations: ["…"]).',
      ],
    ],
    [
      'returns another type than its mutation',
      'onTaskCreated: String @aws_subscribe(mutations: ["createTask"])',
      [
        'schema.graphql:5:25  The subscription "onTaskCreated" returns String, and the mutation "createTask" returns Task. Return the same type from both; only whether it may be null can differ.',
      ],
    ],
    [
      'returns a list of what its mutation returns',
      'onTaskCreated: [Task] @aws_subscribe(mutations: ["createTask"])',
      [
        'schema.graphql:5:25  The subscription "onTaskCreated" returns [Task], and the mutation "createTask" returns Task. Return the same type from both; only whether it may be null can differ.',
      ],
    ],
  ])('should be refused where it %s', async (_, text, faults) => {
    expect(await faultsOf(withSubscription(text))).toEqual(faults);
  });

  it('should be refused outside of the type Subscription', async () => {
    const files = schemaWith(
      'getTask(id: ID!): Task',
      'getTask(id: ID!): Task @aws_subscribe(mutations: ["createTask"])',
    );

    expect(await faultsOf(files)).toEqual([
      'schema.graphql:2:37  @aws_subscribe stands on Query.getTask. It belongs on a field of Subscription.',
    ]);
  });
});

describe('warnings about subscriptions', () => {
  it('should name a subscription that nothing triggers', async () => {
    const { warnings, subscriptions } = await load(withSubscription('onTaskCreated: Task'));

    expect(subscriptions.size).toBe(0);
    expect(warnings).toEqual([
      {
        file: 'schema.graphql',
        line: 5,
        column: 3,
        message: 'The subscription "onTaskCreated" never triggers',
        hint: 'Name the mutations that trigger it: @aws_subscribe(mutations: ["…"])',
      },
    ]);
  });

  const withTypo = 'onTaskCreated(boradId: String): Task @aws_subscribe(mutations: ["createTask"])';

  it('should name an argument that is no field of the result', async () => {
    const { warnings } = await load(withSubscription(withTypo));

    expect(warnings.map(({ message, hint }) => [message, hint])).toEqual([
      [
        'The argument "boradId" of "onTaskCreated" matches no event: Task has no field of that name',
        'Did you mean "boardId"?',
      ],
    ]);
  });

  it('should leave the arguments of a subscription with a resolver alone', async () => {
    const { warnings } = await load({
      ...withSubscription(withTypo),
      ...settingsWith(
        'dataSourceName: Local }',
        'dataSourceName: Local }\n  - { typeName: Subscription, fieldName: onTaskCreated, dataSourceName: Local }',
      ),
      'resolvers/Subscription.onTaskCreated.request.vtl': '{"payload": null}',
      'resolvers/Subscription.onTaskCreated.response.vtl': '$util.toJson($ctx.result)',
    });

    expect(warnings).toEqual([]);
  });
});
