import { printSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineApi } from '../test/define-api.js';
import { execute, keyHolder, user } from '../test/execute.js';
import { buildExecutableApi } from './index.js';
import type { ExecutableApi } from './index.js';

const sdl = /* GraphQL */ `
  interface Entity {
    id: ID!
  }
  type User implements Entity @aws_api_key @aws_cognito_user_pools {
    id: ID!
    name: String
  }
  type Task implements Entity @aws_api_key @aws_cognito_user_pools {
    id: ID!
    title: String
    owner: User
    salary: Int @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"])
    budget: Int! @aws_cognito_user_pools(cognito_groups: ["ManagerGroup", "Auditors"])
    constructor: String
    toString: String
    hasOwnProperty: String
  }
  type Board {
    id: ID!
  }
  union Item = User | Task
  type Query @aws_api_key @aws_cognito_user_pools {
    task: Task
    item: Item
    entities: [Entity]
    board: Board
    unresolved: Task
    constructor: String
    secret: String @aws_cognito_user_pools
    mustBeUser: String! @aws_cognito_user_pools
  }
`;

let api: ExecutableApi;
beforeAll(async () => {
  const task = { __typename: 'Task', id: 't1', title: 'Roof', salary: 5000, budget: 7 };
  api = await defineApi({
    sdl,
    resolvers: {
      'Query.task': { answer: () => task },
      'Query.item': { answer: () => task },
      'Query.entities': { answer: () => [task, null, { __typename: 'User', id: 'u1', name: 'jdoe' }] },
      'Query.board': { answer: () => ({ id: 'b1' }) },
      'Query.secret': { answer: () => 'secret' },
      'Query.mustBeUser': { answer: () => 'secret' },
    },
  });
});

const manager = user('janed', 'ManagerGroup');
const employee = user('jdoe', 'EmployeeGroup');

describe('a field that the identity may not read', () => {
  it('should be null with AppSync’s error', async () => {
    const { data, errors } = await execute(api, '{\n  task { id salary }\n}');
    expect(data).toEqual({ task: { id: 't1', salary: null } });
    expect(errors).toEqual([
      {
        path: ['task', 'salary'],
        data: null,
        errorType: 'Unauthorized',
        errorInfo: null,
        locations: [{ line: 2, column: 13, sourceName: null }],
        message: 'Not Authorized to access salary on type Task',
      },
    ]);
  });

  it('should make its parent null where it may not be null', async () => {
    const { data, errors } = await execute(api, '{ task { id budget } }');
    expect(data).toEqual({ task: null });
    expect(errors).toMatchObject([{ path: ['task', 'budget'], errorType: 'Unauthorized' }]);
  });

  it('should make all data null at the root', async () => {
    const { data, errors } = await execute(api, '{ task { id } mustBeUser }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { path: ['mustBeUser'], message: 'Not Authorized to access mustBeUser on type Query' },
    ]);
  });

  it.each([
    ['a member of the group', manager, { salary: 5000, budget: 7 }],
    ['a member of another group', employee, null],
    ['a member of no group', user('joe'), null],
    ['the holder of a key', keyHolder, null],
  ])('should be decided by mode and group for %s', async (_who, identity, task) => {
    expect((await execute(api, '{ task { salary budget } }', { identity })).data).toEqual({ task });
  });

  it('should be decided by the default mode where no directive speaks', async () => {
    expect((await execute(api, '{ board { id } }')).data).toEqual({ board: { id: 'b1' } });
    expect((await execute(api, '{ board { id } }', { identity: employee })).data).toEqual({ board: null });
  });

  it('should not run its resolver', async () => {
    let calls = 0;
    const counted = await defineApi({ sdl, resolvers: { 'Query.secret': { answer: () => (calls += 1) } } });
    await execute(counted, '{ secret }');
    expect(calls).toBe(0);
    await execute(counted, '{ secret }', { identity: employee });
    expect(calls).toBe(1);
  });
});

describe('a field without a resolver', () => {
  it('should be its parent’s own property', async () => {
    const { data } = await execute(api, '{ task { id title owner { id } } }');
    expect(data).toEqual({ task: { id: 't1', title: 'Roof', owner: null } });
  });

  it('should be null where only the prototype has a property of its name', async () => {
    const { data, errors } = await execute(api, '{ task { constructor toString hasOwnProperty } }');
    expect(data).toEqual({ task: { constructor: null, toString: null, hasOwnProperty: null } });
    expect(errors).toEqual([]);
  });

  it('should be null at the root', async () => {
    const { data, errors } = await execute(api, '{ unresolved { id } constructor }');
    expect(data).toEqual({ unresolved: null, constructor: null });
    expect(errors).toEqual([]);
  });

  it('should have __typename for everybody', async () => {
    expect((await execute(api, '{ __typename task { __typename } }')).data).toEqual({
      __typename: 'Query',
      task: { __typename: 'Task' },
    });
  });
});

describe('a field of an interface or a union', () => {
  it('should have the type that __typename names', async () => {
    const { data } = await execute(
      api,
      '{ item { __typename ... on Task { title } } entities { id ... on User { name } __typename } }',
    );
    expect(data).toEqual({
      item: { __typename: 'Task', title: 'Roof' },
      entities: [{ id: 't1', __typename: 'Task' }, null, { id: 'u1', name: 'jdoe', __typename: 'User' }],
    });
  });

  it('should be checked by the policy of that type', async () => {
    const { errors } = await execute(api, '{ item { ... on Task { salary } } }');
    expect(errors).toMatchObject([
      { path: ['item', 'salary'], message: 'Not Authorized to access salary on type Task' },
    ]);
  });
});

describe('an executable api', () => {
  it('should not be built without a data source that the definition names', () => {
    expect(() => buildExecutableApi(api.definition, { dataSources: new Map() })).toThrow(
      'The data source "Tasks" was not given.',
    );
  });

  it('should leave the schema of the definition as it was', () => {
    expect(api.schema).not.toBe(api.definition.schema);
    expect(api.definition.schema.getQueryType()!.getFields()['task']!.resolve).toBeUndefined();
    expect(printSchema(api.schema)).toBe(printSchema(api.definition.schema));
  });

  it('should end a handler at the limits it was built with', async () => {
    const source = { type: 'NONE', execute: async () => null, close: async () => undefined };
    const limited = buildExecutableApi(api.definition, {
      dataSources: new Map([['Tasks', source]]),
      limits: { maxSteps: 3 },
    });
    const { errors } = await execute(limited, '{ task { id } }');
    expect(errors).toMatchObject([{ errorType: 'MappingTemplate', path: ['task'] }]);
    expect(errors[0]!.message).toContain('the limit of 3 steps is exceeded');
  });
});
