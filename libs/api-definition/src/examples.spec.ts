import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadApiDefinition } from './index.js';

const variables = {
  LAMBDA_TOKEN: 'display-token',
  OIDC_ISSUER: 'http://localhost:9230',
  OIDC_CLIENT_ID: 'boards-web',
  STARLING_API_KEY: 'da2-abcdefghijklmnopqrstuvwxyz',
  COGNITO_USER_POOL_ID: 'us-west-2_Starling1',
  COGNITO_CLIENT_ID: '1h57kf5cpq17m0eml12EXAMPLE',
};

function loadExample(name: string) {
  return loadApiDefinition(fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url)), { variables });
}

describe('the examples', () => {
  it.each(['boards', 'multi-auth', 'tasks', 'tasks-client-filter', 'pipeline-js'])(
    'should load %s without a fault or a warning',
    async (name) => {
      const definition = await loadExample(name);

      expect(definition.name).toBe(name);
      expect(definition.warnings).toEqual([]);
    },
  );

  it('should let API keys into boards, and trigger its subscription by createTask', async () => {
    const definition = await loadExample('boards');

    expect(definition.authentication.default).toEqual({
      authenticationType: 'API_KEY',
      apiKeys: [{ id: 'default', key: variables.STARLING_API_KEY, expiresAtMs: null }],
    });
    expect([...definition.subscriptions]).toEqual([['onTaskCreated', ['createTask']]]);
    expect([...definition.publications]).toEqual([['createTask', ['onTaskCreated']]]);
    expect(definition.resolvers.has('Subscription.onTaskCreated')).toBe(false);
    expect(definition.local.try.map(({ kind }) => kind)).toEqual(['subscription', 'mutation', 'mutation', 'query']);
  });

  it('should let all five modes do what boards does, and keep the rest for some', async () => {
    const definition = await loadExample('multi-auth');
    const modesOf = (type: string, field: string) => definition.policy(type, field).grants.map(({ mode }) => mode);
    const five = ['AMAZON_COGNITO_USER_POOLS', 'API_KEY', 'AWS_IAM', 'AWS_LAMBDA', 'OPENID_CONNECT'];

    for (const [type, field] of [
      ['Query', 'getTasks'],
      ['Mutation', 'createTask'],
      ['Subscription', 'onTaskCreated'],
      ...['id', 'title', 'description', 'status', 'boardId'].map((name) => ['Task', name]),
    ] as [string, string][]) {
      expect(modesOf(type, field).sort()).toEqual(five);
    }
    expect(modesOf('Task', 'createdBy')).not.toContain('API_KEY');
    expect(modesOf('Mutation', 'removeMember')).toEqual(['AWS_IAM']);
    expect(definition.policy('Mutation', 'deleteTask').grants).toEqual([
      { mode: 'AMAZON_COGNITO_USER_POOLS', groups: ['Managers'] },
    ]);
  });

  it('should let only managers create tasks, and managers and employees change their status', async () => {
    const definition = await loadExample('tasks');
    const mode = 'AMAZON_COGNITO_USER_POOLS';

    expect(definition.policy('Mutation', 'createTask').grants).toEqual([{ mode, groups: ['ManagerGroup'] }]);
    expect(definition.policy('Mutation', 'updateTaskStatus').grants).toEqual([
      { mode, groups: ['EmployeeGroup', 'ManagerGroup'] },
    ]);
    expect(definition.policy('Task', 'title').grants).toEqual([{ mode, groups: null }]);
  });

  it('should have both users of the tasks article, with all their attributes', async () => {
    const { local } = await loadExample('tasks');

    expect(local.users).toEqual([
      {
        username: 'jdoe',
        password: 'P@ssw0rd',
        groups: [],
        attributes: {
          given_name: 'John',
          family_name: 'Doe',
          email: 'jdoe@myemail.com',
          gender: 'Male',
          phone_number: '+19999999999',
        },
      },
      {
        username: 'janed',
        password: 'P@ssw0rd',
        groups: ['ManagerGroup'],
        attributes: {
          given_name: 'Jane',
          family_name: 'Doe',
          email: 'janed@myemail.com',
          gender: 'Female',
          phone_number: '+19999999999',
        },
      },
    ]);
    expect(local.tables).toEqual([
      { tableName: 'TasksTable', partitionKey: { name: 'id', type: 'S' }, sortKey: null, globalSecondaryIndexes: [] },
    ]);
  });
});
