import { describe, expect, it } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../test/define-api.js';
import type { ResolverCase } from '../test/define-api.js';
import { execute } from '../test/execute.js';

const sdl = /* GraphQL */ `
  type Task {
    id: ID
    title: String!
    note: String
  }
  type User {
    email: AWSEmail
  }
  type Query {
    task: Task
  }
  type Mutation {
    createTask(id: ID, title: String): Task
    mustCreateTask(id: ID, title: String): Task!
    archiveTask(id: ID): Task
    unsubscribe(email: AWSEmail): User
  }
  type Subscription {
    onTask: Task @aws_subscribe(mutations: ["createTask", "mustCreateTask"])
    onTaskAgain: Task @aws_subscribe(mutations: ["createTask"])
  }
`;

/** Ends the subscriptions of the user with the address in the argument of this name. */
const invalidating = (argument: string): string =>
  `$extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": {"email": $ctx.args.${argument}}})
  $util.toJson($ctx.result)`;

const cut = (email: string) => ({
  kind: 'invalidation',
  subscriptionField: 'onTask',
  payload: { email },
  requestId: 'request-1',
});
const event = (mutation: string, payload: object) => ({ kind: 'event', mutation, payload });

const tasks = (resolvers: Readonly<Record<string, ResolverCase>> = {}) =>
  defineApi({
    sdl,
    resolvers: {
      'Mutation.createTask': {},
      'Mutation.mustCreateTask': {},
      'Mutation.archiveTask': {},
      'Mutation.unsubscribe': { response: invalidating('email') },
      ...resolvers,
    },
  });

describe('what a mutation appends to the log', () => {
  it('should be one event, however many subscription fields name the mutation', async () => {
    const { entries } = await execute(await tasks(), 'mutation { createTask(id: 1, title: "Roof") { id } }');
    expect(entries).toEqual([event('createTask', { id: '1' })]);
  });

  it('should follow the order of the fields, under their names', async () => {
    const { entries } = await execute(
      await tasks(),
      `mutation {
        b: createTask(id: 1, title: "Roof") { id }
        a: mustCreateTask(id: 2, title: "Wall") { id }
        createTask(id: 3, title: "Door") { id }
      }`,
    );
    expect(entries).toEqual([
      event('createTask', { id: '1' }),
      event('mustCreateTask', { id: '2' }),
      event('createTask', { id: '3' }),
    ]);
  });

  it('should have the invalidations of a field before its own event and after the event of the field before', async () => {
    const api = await tasks({ 'Mutation.createTask': { response: invalidating('title') } });
    const { entries } = await execute(
      api,
      `mutation {
        first: createTask(id: 1, title: "jdoe@example.com") { id }
        second: createTask(id: 2, title: "janed@example.com") { id }
      }`,
    );
    expect(entries).toEqual([
      cut('jdoe@example.com'),
      event('createTask', { id: '1' }),
      cut('janed@example.com'),
      event('createTask', { id: '2' }),
    ]);
  });

  it('should be invalidations only, for a mutation that no subscription names', async () => {
    const { entries } = await execute(await tasks(), 'mutation { unsubscribe(email: "jdoe@example.com") { email } }');
    expect(entries).toEqual([cut('jdoe@example.com')]);
  });

  it('should be nothing for a mutation that no subscription names and that invalidates nobody', async () => {
    expect((await execute(await tasks(), 'mutation { archiveTask(id: 1) { id } }')).entries).toEqual([]);
  });

  it('should be an event for each field that succeeded, beside one that failed', async () => {
    const api = await tasks({
      'Mutation.createTask': {
        answer: ({ payload }) => {
          if ((payload as { id: string }).id === '2') throw new FieldError('No.', 'DynamoDB:Refused');
          return payload;
        },
        response: '#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end$util.toJson($ctx.result)',
      },
    });
    const { entries, errors } = await execute(
      api,
      `mutation {
        a: createTask(id: 1, title: "Roof") { id }
        b: createTask(id: 2, title: "Wall") { id }
        c: createTask(id: 3, title: "Door") { id }
      }`,
    );
    expect(errors.map(({ path }) => path)).toEqual([['b']]);
    expect(entries).toEqual([event('createTask', { id: '1' }), event('createTask', { id: '3' })]);
  });

  it('should be nothing for a field whose result is null', async () => {
    const api = await tasks({ 'Mutation.createTask': { answer: () => null } });
    expect((await execute(api, 'mutation { createTask { id } }')).entries).toEqual([]);
  });

  it('should be nothing for a field that a null below it made null', async () => {
    const { entries, data } = await execute(await tasks(), 'mutation { createTask(id: 1) { title } }');
    expect(data).toEqual({ createTask: null });
    expect(entries).toEqual([]);
  });

  it('should be an event in spite of appended errors', async () => {
    const api = await tasks({
      'Mutation.createTask': { response: '$util.appendError("Late")$util.toJson($ctx.result)' },
    });
    const { entries, errors } = await execute(api, 'mutation { createTask(id: 1) { id } }');
    expect(errors).toHaveLength(1);
    expect(entries).toEqual([event('createTask', { id: '1' })]);
  });

  it('should be an event with a null in place of a nested field that failed', async () => {
    const api = await tasks({ 'Task.note': { response: '$util.error("No note")' } });
    const { entries } = await execute(api, 'mutation { createTask(id: 1) { id note } }');
    expect(entries).toEqual([event('createTask', { id: '1', note: null })]);
  });

  it('should leave out the invalidation of a handler that failed, and have it when a later field asks for the same', async () => {
    const api = await tasks({
      'Mutation.archiveTask': {
        response: `${invalidating('id')}$util.error("Too late")`,
      },
    });
    const { entries } = await execute(
      api,
      `mutation {
        archiveTask(id: "jdoe@example.com") { id }
        unsubscribe(email: "jdoe@example.com") { email }
        again: unsubscribe(email: "jdoe@example.com") { email }
      }`,
    );
    expect(entries).toEqual([cut('jdoe@example.com')]);
  });

  it('should keep the invalidations when one field makes all of data null', async () => {
    const api = await tasks({ 'Mutation.mustCreateTask': { answer: () => null } });
    const { entries, data } = await execute(
      api,
      `mutation {
        unsubscribe(email: "jdoe@example.com") { email }
        mustCreateTask { id }
      }`,
    );
    expect(data).toBeNull();
    expect(entries).toEqual([cut('jdoe@example.com')]);
  });

  it('should say how long an invalidation lasts that is sticky', async () => {
    const response = invalidating('email').replace('}})', '}, "sticky": 300})');
    const api = await tasks({ 'Mutation.unsubscribe': { response } });
    const { entries } = await execute(api, 'mutation { unsubscribe(email: "jdoe@example.com") { email } }');
    expect(entries).toEqual([{ ...cut('jdoe@example.com'), stickySeconds: 300 }]);
  });

  it('should leave out invalidations of fields that there are not, whatever becomes of the data', async () => {
    const response = invalidating('id').replace('"onTask"', '"onTsk"');
    const api = await tasks({
      'Mutation.archiveTask': { response },
      'Mutation.mustCreateTask': { answer: () => null },
    });
    expect((await execute(api, 'mutation { archiveTask(id: 1) { id } }')).entries).toEqual([]);
    const { entries, data } = await execute(api, 'mutation { archiveTask(id: 1) { id } mustCreateTask { id } }');
    expect(data).toBeNull();
    expect(entries).toEqual([]);
  });

  it('should have the invalidations of nested fields with their root field', async () => {
    const response = invalidating('id').replace('args', 'source').replace('$util.toJson($ctx.result)', '"A note"');
    const { entries } = await execute(
      await tasks({ 'Task.note': { response } }),
      'mutation { createTask(id: "jdoe@example.com") { note } }',
    );
    expect(entries).toEqual([cut('jdoe@example.com'), event('createTask', { note: 'A note' })]);
  });

  it('should be nothing for a query', async () => {
    expect((await execute(await tasks({ 'Query.task': {} }), '{ task { id } }')).entries).toEqual([]);
  });
});
