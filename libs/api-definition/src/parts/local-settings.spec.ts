import { describe, expect, it } from 'vitest';
import { faultsLike, load, soundFiles } from '../../test/definition-files.js';
import type { FaultCase, Files } from '../../test/definition-files.js';

const withAccessKeys = (...keys: string[]): Files => ({
  ...soundFiles,
  'starling.yaml': `${soundFiles['starling.yaml']}local:
  users: [{ username: jdoe, password: x }]
  accessKeys:
${keys.map((key) => `    - ${key}`).join('\n')}
`,
});

const localCases: readonly FaultCase[] = [
  {
    what: 'users, groups and tables of one name, and a group that is not there',
    files: {
      'starling.yaml': `${soundFiles['starling.yaml']}local:
  groups: [Managers, Managers]
  users:
    - { username: janed, password: x, groups: [Manager] }
    - { username: janed, password: x }
  tables:
    - { tableName: TasksTable, partitionKey: id }
    - { tableName: TasksTable, partitionKey: id }
`,
    },
    faults: [
      'starling.yaml:10:22  There is another group "Managers". Remove one of them.',
      'starling.yaml:12:48  There is no group "Manager". Did you mean "Managers"?',
      'starling.yaml:13:19  There is another user "janed". Remove one of them.',
      'starling.yaml:16:20  There is another table "TasksTable". Remove one of them.',
    ],
  },
  {
    what: 'steps to try that cannot work',
    files: {
      'starling.yaml': `${soundFiles['starling.yaml']}local:
  users: [{ username: janed, password: x }]
  try:
    - { title: a, as: janet, operation: "query { getTask(id: 1) { titel } }" }
    - { title: b, operation: "query A { __typename } query B { __typename }" }
    - { title: c, operation: "query {" }
    - { title: d, operation: try.graphql }
`,
      'try.graphql': '{\n  getTasks\n}\n',
    },
    faults: [
      'starling.yaml:12:23  There is no user "janet". Did you mean "janed"?',
      'starling.yaml:12:41  Cannot query field "titel" on type "Task". Did you mean "title"?',
      'starling.yaml:13:30  There are 2 operations. A step is one operation.',
      'starling.yaml:14:30  Syntax Error: Expected Name, found <EOF>.',
      'try.graphql:2:3  Cannot query field "getTasks" on type "Query". Did you mean "getTask"?',
    ],
  },
  {
    what: 'access keys that allow what is no field, or have the name of a user',
    files: withAccessKeys('{ username: jdoe, allow: [] }', '{ username: job, allow: [getTask] }'),
    faults: [
      'starling.yaml:12:19  There is another user "jdoe". Remove one of them.',
      'starling.yaml:13:32  "local.accessKeys[1].allow[0]" is not as it must be. Fields: *, Mutation.*, Query.getTask, or an ARN as in a policy of AWS.',
    ],
  },
  {
    what: 'a step that nobody can do',
    files: {
      'starling.yaml': `name: boards
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: { userPoolId: us-west-2_Starling1, awsRegion: us-west-2 }
local:
  users: [{ username: janed, password: x }]
  try: [{ title: a, operation: 'query { __typename }' }]
`,
    },
    faults: ['starling.yaml:6:9  Nobody can do "a": the API has no keys, and "as" is missing. There is janed.'],
  },
];

it('should read access keys with what they may access', async () => {
  const { local } = await load(
    withAccessKeys(
      '{ username: backend, userArn: "arn:aws:iam::111122223333:user/backend", allow: [Query.*], deny: [Task.title] }',
      '{ username: job, allow: ["*", "arn:aws:appsync:us-west-2:111122223333:apis/*/types/Query/*"] }',
    ),
  );
  expect(local.accessKeys).toEqual([
    {
      username: 'backend',
      userArn: 'arn:aws:iam::111122223333:user/backend',
      allow: ['Query.*'],
      deny: ['Task.title'],
    },
    {
      username: 'job',
      userArn: null,
      allow: ['*', 'arn:aws:appsync:us-west-2:111122223333:apis/*/types/Query/*'],
      deny: [],
    },
  ]);
});

describe('faults of local settings', () => {
  it.each(localCases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
