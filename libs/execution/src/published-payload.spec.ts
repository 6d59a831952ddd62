import { beforeAll, describe, expect, it } from 'vitest';
import { defineApi } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import type { ExecutableApi } from './index.js';

const sdl = /* GraphQL */ `
  interface Entity {
    id: ID!
  }
  type User implements Entity {
    id: ID!
    name: String
  }
  type Robot implements Entity {
    id: ID!
    model: String
  }
  union Assignee = User | Robot
  type Task implements Entity {
    id: ID!
    title(upper: Boolean): String
    tags: [String]
    owner: User
    assignee: Assignee
    watchers: [Assignee]
    grid: [[User]]
    parent: Entity
    constructor: String
  }
  type Query {
    task: Task
  }
  type Mutation {
    createTask: Task!
    createTasks: [Task]
    createEntity: Entity
    countTasks: Int
  }
  type Subscription {
    onTask: Task @aws_subscribe(mutations: ["createTask"])
    onTasks: [Task] @aws_subscribe(mutations: ["createTasks"])
    onEntity: Entity @aws_subscribe(mutations: ["createEntity"])
    onCount: Int @aws_subscribe(mutations: ["countTasks"])
  }
`;

const jdoe = { __typename: 'User', id: 'u1', name: 'jdoe' };
const mower = { __typename: 'Robot', id: 'r1', model: 'mower' };
const task = {
  __typename: 'Task',
  id: 't1',
  title: 'Fix the roof',
  tags: ['urgent', null],
  owner: jdoe,
  assignee: mower,
  watchers: [jdoe, null, mower],
  grid: [[jdoe, null], null, []],
  parent: { __typename: 'Task', id: 't0', title: 'Build the house' },
  constructor: 'janed',
};

let api: ExecutableApi;
beforeAll(async () => {
  api = await defineApi({
    sdl,
    resolvers: {
      'Mutation.createTask': { answer: () => task },
      'Mutation.createTasks': { answer: () => [task, null, { id: 't2', title: null }] },
      'Mutation.createEntity': { answer: () => task },
      'Mutation.countTasks': { answer: () => 7 },
    },
  });
});

const payloadOf = async (selection: string, variables = {}) => {
  const { entries } = await execute(api, selection, { variables });
  expect(entries).toHaveLength(1);
  return entries[0]!.payload;
};

describe('the payload of an event', () => {
  it.each<[string, string, unknown]>([
    ['the selected fields and no other', '{ createTask { id title } }', { id: 't1', title: 'Fix the roof' }],
    [
      'field names in place of aliases',
      '{ new: createTask { key: id head: title } }',
      { id: 't1', title: 'Fix the roof' },
    ],
    ['a field under its name although another one is aliased to it', '{ createTask { title: id } }', { id: 't1' }],
    ['one field for two aliases', '{ createTask { a: id b: id } }', { id: 't1' }],
    [
      'the selections of repeated fields together',
      '{ createTask { owner { id } owner { name } } }',
      { owner: { id: 'u1', name: 'jdoe' } },
    ],
    [
      'a root field that is repeated',
      '{ createTask { id } createTask { title } }',
      { id: 't1', title: 'Fix the roof' },
    ],
    ['__typename where it was selected', '{ createTask { kind: __typename id } }', { __typename: 'Task', id: 't1' }],
    [
      'nulls',
      '{ createTask { tags watchers { __typename } } }',
      { tags: ['urgent', null], watchers: [{ __typename: 'User' }, null, { __typename: 'Robot' }] },
    ],
    ['lists of lists', '{ createTask { grid { name } } }', { grid: [[{ name: 'jdoe' }, null], null, []] }],
    [
      'a list of results',
      '{ createTasks { key: id title } }',
      [{ id: 't1', title: 'Fix the roof' }, null, { id: 't2', title: null }],
    ],
    ['a scalar', '{ countTasks }', 7],
    ['a field named like a member of objects', '{ createTask { constructor } }', { constructor: 'janed' }],
    [
      'what is under aliases named like members of objects',
      '{ createTask { constructor: id __proto__: title } }',
      { id: 't1', title: 'Fix the roof' },
    ],
  ])('should have %s', async (_what, selection, payload) => {
    expect(await payloadOf(`mutation ${selection}`)).toEqual(payload);
  });

  it('should have what fragments select, under field names', async () => {
    const document = /* GraphQL */ `
      mutation {
        ...Root
      }
      fragment Root on Mutation {
        createTask {
          ...Head
          ... on Task {
            owner {
              ...Name
            }
          }
          ... @include(if: true) {
            tags
          }
        }
      }
      fragment Head on Task {
        key: id
      }
      fragment Name on User {
        called: name
      }
    `;
    expect(await payloadOf(document)).toEqual({ id: 't1', owner: { name: 'jdoe' }, tags: ['urgent', null] });
  });

  it('should leave out what @skip and @include left out', async () => {
    const document = /* GraphQL */ `
      mutation ($yes: Boolean!, $no: Boolean!) {
        createTask {
          id
          title @skip(if: $yes)
          tags @include(if: $no)
          ...Owner @include(if: $no)
        }
      }
      fragment Owner on Task {
        owner {
          id
        }
      }
    `;
    expect(await payloadOf(document, { yes: true, no: false })).toEqual({ id: 't1' });
  });

  it('should carry the runtime types of interfaces and unions, selected or not', async () => {
    const document = /* GraphQL */ `
      mutation {
        createEntity {
          id
          ... on Task {
            assignee {
              ... on Robot {
                model
              }
            }
            watchers {
              ... on User {
                name
              }
              ... on Robot {
                id
              }
            }
            up: parent {
              id
            }
          }
        }
      }
    `;
    expect(await payloadOf(document)).toEqual({
      __typename: 'Task',
      id: 't1',
      assignee: { __typename: 'Robot', model: 'mower' },
      watchers: [{ __typename: 'User', name: 'jdoe' }, null, { __typename: 'Robot', id: 'r1' }],
      parent: { __typename: 'Task', id: 't0' },
    });
  });

  it('should be made in time, however often fragments spread each other', async () => {
    const depth = 60;
    const fragments = Array.from(
      { length: depth },
      (_, i) => `fragment F${i} on Task { ...F${i + 1} ...F${i + 1} }`,
    ).join('\n');
    const document = `mutation { createTask { ...F0 ...F0 } } ${fragments} fragment F${depth} on Task { id }`;
    const startedAt = performance.now();
    expect(await payloadOf(document)).toEqual({ id: 't1' });
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
