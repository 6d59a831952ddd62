import { describe, expect, it, vi } from 'vitest';
import { FieldError, RequestError } from '#libs/protocol';
import { defineApi } from '../test/define-api.js';
import type { Answer } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import type { Request } from '../test/execute.js';

const sdl = /* GraphQL */ `
  enum Priority {
    low
    high
  }
  type Task {
    id: ID!
    title: String
    priority: Priority
    size: Int
    json: AWSJSON
    dueAt: AWSDateTime
    subtasks: [Task!]
    grid: [[Task!]!]
  }
  type User {
    name: String
  }
  union Owner = User
  type Query {
    task(id: ID! = 1): Task
    tasks: [Task!]
    allTasks: [Task]!
    owner: Owner
  }
`;

const read = async (answer: Answer, selection: string, request?: Request) => {
  const resolver = {
    answer,
    response: `#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type, $ctx.result)#end$util.toJson($ctx.result)`,
  };
  const names = ['Query.task', 'Query.tasks', 'Query.allTasks', 'Query.owner'];
  const api = await defineApi({ sdl, resolvers: Object.fromEntries(names.map((name) => [name, resolver])) });
  return execute(api, selection, request);
};

const throwing =
  (error: unknown): Answer =>
  () => {
    throw error;
  };

describe('the error of a field', () => {
  it('should have AppSync’s members at its top', async () => {
    const { data, errors } = await read(
      throwing(new FieldError('No.', 'DynamoDB:Refused', { id: 't1' })),
      '{ task { id } }',
    );
    expect(data).toEqual({ task: null });
    expect(errors).toEqual([
      {
        path: ['task'],
        data: { id: 't1' },
        errorType: 'DynamoDB:Refused',
        errorInfo: null,
        locations: [{ line: 1, column: 3, sourceName: null }],
        message: 'No.',
      },
    ]);
  });

  it('should name the path by aliases and the place in the document', async () => {
    const { errors } = await read(throwing(new FieldError('No.')), '{\n  first: task { id }\n}');
    expect(errors).toMatchObject([{ path: ['first'], locations: [{ line: 2, column: 3, sourceName: null }] }]);
  });

  it('should have the type of an expected error', async () => {
    const { errors } = await read(throwing(new RequestError('PUBLISH_QUEUE_FULL', 'Later.')), '{ task { id } }');
    expect(errors).toMatchObject([{ errorType: 'PublishQueueFull', message: 'Later.', data: null, errorInfo: null }]);
  });
});

describe('a null where the schema allows none', () => {
  it.each<[string, unknown, string, string, unknown]>([
    ['a field', {}, '{ task { id } }', "type: 'ID' within parent 'Task' (/task/id)", { task: null }],
    ['a field under an alias', {}, '{ t: task { nr: id } }', "type: 'ID' within parent 'Task' (/t/nr)", { t: null }],
    [
      'a field of an item',
      [{ id: 1 }, {}],
      '{ allTasks { id } }',
      "type: 'ID' within parent 'Task' (/allTasks[1]/id)",
      { allTasks: [{ id: '1' }, null] },
    ],
    [
      'an item',
      [{ id: 1 }, null],
      '{ tasks { id } }',
      "type: 'Task' within parent 'Query' (/tasks[1])",
      { tasks: null },
    ],
    [
      'an item of a list below',
      { subtasks: [null] },
      '{ task { subtasks { id } } }',
      "type: 'Task' within parent 'Task' (/task/subtasks[0])",
      { task: { subtasks: null } },
    ],
    [
      'a list in a list',
      { grid: [[], null] },
      '{ task { grid { id } } }',
      "type: '[Task!]' within parent 'Task' (/task/grid[1])",
      { task: { grid: null } },
    ],
    [
      'an item of a list in a list',
      { grid: [[], [{ id: 1 }, null]] },
      '{ task { grid { id } } }',
      "type: 'Task' within parent 'Task' (/task/grid[1][1])",
      { task: { grid: null } },
    ],
    ['the list of the root', null, '{ allTasks { id } }', "type: '[Task]' within parent 'Query' (/allTasks)", null],
  ])('should be told in AppSync’s words for %s', async (_what, result, selection, text, data) => {
    const executed = await read(() => result, selection);
    expect(executed.data).toEqual(data);
    expect(executed.errors).toMatchObject([
      { message: `Cannot return null for non-nullable ${text}`, errorType: null, data: null },
    ]);
  });
});

describe('a result of the wrong kind', () => {
  it.each<[string, unknown, string, string]>([
    [
      'an object for a list',
      { id: 1 },
      '{ tasks { id } }',
      "Can't resolve value (/tasks) : type mismatch error, expected type LIST, got OBJECT",
    ],
    [
      'a text for a number',
      { size: 'big' },
      '{ task { size } }',
      `Can't serialize value (/task/size) : Int cannot represent non-integer value: "big"`,
    ],
    [
      'an object for a text',
      { title: { a: 1 } },
      '{ task { title } }',
      `Can't serialize value (/task/title) : String cannot represent value: { a: 1 }`,
    ],
    [
      'a name that the enum does not have',
      { priority: 'highest' },
      '{ task { priority } }',
      `Can't serialize value (/task/priority) : Enum "Priority" cannot represent value: "highest"`,
    ],
    [
      'a text for a date',
      { dueAt: 'soon' },
      '{ task { dueAt } }',
      "Can't serialize value (/task/dueAt) : Unable to serialize `soon` as a valid",
    ],
    [
      'an object without __typename for a union',
      { name: 'jdoe' },
      '{ owner { __typename } }',
      "Can't resolve value (/owner) : Abstract type resolution error",
    ],
    [
      'a type that is no member of the union',
      { __typename: 'Task' },
      '{ owner { __typename } }',
      "Can't resolve value (/owner) : Abstract type resolution error",
    ],
    [
      'a type that is not there',
      { __typename: 'Nobody' },
      '{ owner { __typename } }',
      "Can't resolve value (/owner) : Abstract type resolution error",
    ],
    [
      'a type that is no object',
      { __typename: 'Owner' },
      '{ owner { __typename } }',
      "Can't resolve value (/owner) : Abstract type resolution error",
    ],
  ])('should be told in AppSync’s words for %s', async (_what, result, selection, beginning) => {
    const { errors } = await read(() => result, selection);
    expect(errors).toHaveLength(1);
    expect(errors[0]!.message.slice(0, beginning.length)).toBe(beginning);
    expect(errors[0]!.errorType).toBeNull();
  });

  it('should be told for an argument whose variable is null after all', async () => {
    const { errors } = await read(() => ({}), 'query ($id: ID = 1) { task(id: $id) { id } }', {
      variables: { id: null },
    });
    expect(errors).toMatchObject([
      { path: ['task'], message: 'Argument "id" of non-null type "ID!" must not be null.' },
    ]);
  });
});

describe('a failure that nobody expected', () => {
  it.each<[string, unknown]>([
    ['an error', new TypeError('connect ECONNREFUSED 10.0.0.7:8000')],
    ['an error in words like graphql-js’s', new Error('Abstract type : secret 10.0.0.7')],
    ['an error about representation', new Error('Secret cannot represent 10.0.0.7')],
    ['an error about lists', new Error('Expected Iterable, secret 10.0.0.7')],
    ['an error about nulls', new Error('Cannot return null for non-nullable field Query.10.0.0.7.')],
    ['what is no error', 'secret 10.0.0.7'],
  ])('should be hidden, and logged under the request’s id: %s', async (_what, thrown) => {
    const log = vi.fn();
    const { data, errors } = await read(throwing(thrown), '{ task { id } }', { requestId: 'request-7', log });
    expect(data).toEqual({ task: null });
    expect(errors).toEqual([
      {
        path: ['task'],
        data: null,
        errorType: 'InternalFailure',
        errorInfo: null,
        locations: [{ line: 1, column: 3, sourceName: null }],
        message: 'An internal failure occurred. The log has it under request request-7.',
      },
    ]);
    expect(log).toHaveBeenCalledOnce();
    const [level, , details] = log.mock.calls[0] as [string, string, { requestId: string; err: Error }];
    expect({ level, requestId: details.requestId }).toEqual({ level: 'error', requestId: 'request-7' });
    expect(details.err.message).toContain('10.0.0.7');
  });
});
