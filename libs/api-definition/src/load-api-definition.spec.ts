import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, load, schemaWith, settingsWith, soundFiles, writeDefinition } from '../test/definition-files.js';
import type { Files } from '../test/definition-files.js';
import { DefinitionError, loadApiDefinition } from './index.js';

describe('loading a sound definition', () => {
  it('should join resolvers, data sources and compiled templates', async () => {
    const definition = await load();

    const resolver = definition.resolvers.get('Mutation.createTask');
    expect(resolver).toMatchObject({ kind: 'UNIT', dataSourceName: 'Local' });
    expect(resolver?.templates.request).toEqual({
      name: 'resolvers/Mutation.createTask.request.vtl',
      text: soundFiles['resolvers/Mutation.createTask.request.vtl'],
    });
    expect(resolver?.handlers.request).toBeTypeOf('function');
    expect([...definition.dataSources]).toEqual([['Local', { name: 'Local', type: 'NONE' }]]);
    expect(definition.sdl).toBe(soundFiles['schema.graphql']);
  });

  it('should refuse to be changed', async () => {
    const definition = await load();

    expect(() => (definition.resolvers as Map<string, unknown>).clear()).toThrow(TypeError);
    expect(Object.isFrozen(definition.authentication.default)).toBe(true);
    expect(Object.isFrozen(definition.local.users)).toBe(true);
    expect(Object.isFrozen(definition.subscriptions.get('onTaskCreated'))).toBe(true);
  });

  it('should take templates from where starling.yaml says', async () => {
    const definition = await load({
      ...settingsWith('dataSourceName: Local }', 'dataSourceName: Local, requestMappingTemplate: vtl/create.vtl }'),
      'resolvers/Mutation.createTask.request.vtl': null,
      'vtl/create.vtl': '{"payload": null}',
    });

    expect(definition.resolvers.get('Mutation.createTask')?.templates.request.name).toBe('vtl/create.vtl');
  });

  it('should follow links that stay inside the folder, as Kubernetes mounts a ConfigMap', async () => {
    const dir = await writeDefinition({ 'schema.graphql': null });
    await mkdir(join(dir, '..data'));
    await writeFile(join(dir, '..data', 'schema.graphql'), soundFiles['schema.graphql']);
    await symlink('..data/schema.graphql', join(dir, 'schema.graphql'));

    await expect(loadApiDefinition(dir, { variables: {} })).resolves.toMatchObject({ name: 'boards' });
  });

  it('should read local settings with their defaults', async () => {
    const { local } = await load({
      'starling.yaml': `${soundFiles['starling.yaml']}local:
  groups: [Managers]
  users: [{ username: janed, password: P@ssw0rd, groups: [Managers] }]
  tables:
    - tableName: TasksTable
      partitionKey: boardId
      sortKey: { name: createdAt, type: N }
      globalSecondaryIndexes: [{ indexName: byOwner, partitionKey: owner }]
  try:
    - { title: Read a task, as: janed, operation: 'query { getTask(id: "1") { title } }' }
`,
    });

    expect(local).toEqual({
      groups: ['Managers'],
      users: [{ username: 'janed', password: 'P@ssw0rd', groups: ['Managers'], attributes: {} }],
      tables: [
        {
          tableName: 'TasksTable',
          partitionKey: { name: 'boardId', type: 'S' },
          sortKey: { name: 'createdAt', type: 'N' },
          globalSecondaryIndexes: [{ indexName: 'byOwner', partitionKey: { name: 'owner', type: 'S' }, sortKey: null }],
        },
      ],
      try: [{ title: 'Read a task', as: 'janed', kind: 'query', operation: 'query { getTask(id: "1") { title } }' }],
    });
  });
});

describe('variables', () => {
  it('should fill texts, and keep what they fill a text', async () => {
    const files = settingsWith('key: secret', 'key: "${KEY}"');
    const definition = await load(files, { KEY: '12345' });

    expect(definition.authentication.default).toMatchObject({ apiKeys: [{ key: '12345' }] });
  });

  it('should not let a value break out of its text', async () => {
    const files = { 'starling.yaml': `${soundFiles['starling.yaml']}environmentVariables: { NOTE: "\${NOTE}" }\n` };
    const definition = await load(files, { NOTE: '", INJECTED: "yes\n#${NOTE}' });

    expect(definition.environmentVariables).toEqual({ NOTE: '", INJECTED: "yes\n#${NOTE}' });
  });

  it('should report each one that is not set at its line', async () => {
    const files = settingsWith('name: boards', 'name: ${API_NAME}');

    expect(await faultsOf(files)).toEqual([
      'starling.yaml:1:7  The variable API_NAME is not set. Set it, or give a default: ${API_NAME:-…}.',
    ]);
  });

  it('should take digits in a variable as seconds of an expiry', async () => {
    const files = settingsWith('key: secret }', 'key: secret, expires: "${EXPIRES}" }');
    const definition = await load(files, { EXPIRES: '1800000000' });

    expect(definition.authentication.default).toMatchObject({ apiKeys: [{ expiresAtMs: 1_800_000_000_000 }] });
  });
});

describe('collecting faults', () => {
  it('should report the faults of all files at once, starling.yaml first, each on a line of the message', async () => {
    const dir = await writeDefinition({
      'starling.yaml': soundFiles['starling.yaml']
        .replace('Mutation', 'Mutatoin')
        .replace('name: boards', 'name: boards\nverison: 1'),
      'schema.graphql': soundFiles['schema.graphql'].replace('["createTask"]', '["makeTask"]'),
      'resolvers/Mutatoin.createTask.request.vtl': '#if(true)\n',
      'resolvers/Mutatoin.createTask.response.vtl': '#foreach($x in )#end\n',
    });

    const error: unknown = await loadApiDefinition(dir, { variables: {} }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(DefinitionError);
    const [heading, ...lines] = (error as DefinitionError).message.split('\n');
    expect(heading).toBe('The API definition has 5 faults:');
    expect(lines).toHaveLength(5);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'starling.yaml',
      'starling.yaml',
      'resolvers/Mutatoin.createTask.request.vtl',
      'resolvers/Mutatoin.createTask.response.vtl',
      'schema.graphql',
    ]);
  });

  it('should not repeat keys and passwords', async () => {
    const secret = 'not a key\u0007';
    const faults = await faultsOf(settingsWith('key: secret', 'key: "${KEY}"'), { KEY: secret });

    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('not a key');
  });
});

interface FaultCase {
  readonly what: string;
  readonly files: Files;
  readonly faults: readonly string[];
}

const long = 'x'.repeat(64 * 1024 + 1);
const cognito =
  'authenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig:\n  userPoolId: us-west-2_a\n  awsRegion: us-west-2\n';
const withKey = 'authenticationType: API_KEY\napiKeys:\n  - { id: default, key: secret }\n';

const settingsCases: readonly FaultCase[] = [
  {
    what: 'no starling.yaml',
    files: { 'starling.yaml': null },
    faults: [
      'starling.yaml:1:1  The description of the API is missing: there is no file "starling.yaml". Add the file, or correct the path.',
    ],
  },
  {
    what: 'an empty starling.yaml',
    files: { 'starling.yaml': '' },
    faults: ['starling.yaml:1:1  The file is empty and must be a mapping. An AppSync API, as Starling serves it.'],
  },
  {
    what: 'broken YAML',
    files: settingsWith('name: boards', 'name: [boards'),
    faults: [
      'starling.yaml:2:1  Not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
  },
  {
    what: 'a variable without quotes in a flow mapping',
    files: settingsWith('key: secret', 'key: ${KEY}'),
    faults: [
      'starling.yaml:4:26  Not valid YAML: Unexpected flow-map-start at node end. Inside { } and [ ] put variables in quotes: "${NAME}".',
    ],
  },
  {
    what: 'bytes that are no UTF-8',
    files: { 'starling.yaml': new Uint8Array([0xff, 0xfe, 0x00]) },
    faults: ['starling.yaml:1:1  The description of the API, "starling.yaml", is not UTF-8 text. Save it as UTF-8.'],
  },
  {
    what: 'an unknown key',
    files: settingsWith('dataSources:', 'datasources: []\ndataSources:'),
    faults: ['starling.yaml:5:1  Unknown key "datasources". Did you mean "dataSources"?'],
  },
  {
    what: 'a key given twice',
    files: settingsWith('name: boards', 'name: boards\nname: tasks'),
    faults: ['starling.yaml:2:1  Not valid YAML: Map keys must be unique.'],
  },
  {
    what: 'a missing key',
    files: settingsWith('name: boards\n', ''),
    faults: [
      'starling.yaml:1:1  "name" is missing. Names the API in Redis keys, logs and metrics: up to 64 letters, digits, _ and -.',
    ],
  },
  {
    what: 'a value of the wrong type',
    files: settingsWith('key: secret', 'key: 12345'),
    faults: [
      'starling.yaml:4:25  "apiKeys[0].key" is a number and must be a text (put it in quotes). The secret that clients send as x-api-key: visible ASCII characters, no spaces.',
    ],
  },
  {
    what: 'a name that cannot stand in a Redis key',
    files: settingsWith('name: boards', 'name: "{boards}"'),
    faults: [
      'starling.yaml:1:7  "name" is not as it must be. Names the API in Redis keys, logs and metrics: up to 64 letters, digits, _ and -.',
    ],
  },
  {
    what: 'an authentication that is not available',
    files: settingsWith('authenticationType: API_KEY', 'authenticationType: AWS_IAM'),
    faults: [
      'starling.yaml:2:21  "authenticationType" does not take "AWS_IAM". Available: API_KEY or AMAZON_COGNITO_USER_POOLS.',
    ],
  },
  {
    what: 'a user pool API without a pool',
    files: settingsWith(withKey, 'authenticationType: AMAZON_COGNITO_USER_POOLS\n'),
    faults: ['starling.yaml:1:1  "userPoolConfig" is missing. Add "userPoolConfig".'],
  },
  {
    what: 'an API_KEY API without keys',
    files: settingsWith(withKey, 'authenticationType: API_KEY\n'),
    faults: [
      'starling.yaml:2:21  API_KEY needs "apiKeys". Add apiKeys: [{ id: default, key: "${STARLING_API_KEY}" }].',
    ],
  },
  {
    what: 'keys that nothing uses',
    files: settingsWith(withKey, `${cognito}apiKeys: [{ id: a, key: b }]\n`),
    faults: [
      'starling.yaml:6:1  The API has "apiKeys", and no authentication uses them. Add API_KEY to additionalAuthenticationProviders, or remove them.',
    ],
  },
  {
    what: 'a pool that nothing uses',
    files: settingsWith(
      'dataSources:',
      'userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2 }\ndataSources:',
    ),
    faults: [
      'starling.yaml:5:1  The API has a "userPoolConfig", and its authenticationType is API_KEY. Move it to additionalAuthenticationProviders, or remove it.',
    ],
  },
  {
    what: 'two API keys of one id and secret',
    files: settingsWith('key: secret }', 'key: secret }\n  - { id: default, key: secret }'),
    faults: [
      'starling.yaml:5:11  There is another API key with the id "default". Give each its own.',
      'starling.yaml:5:25  The API key "default" has the secret of another. Give each its own.',
    ],
  },
  {
    what: 'an expiry that is no time',
    files: settingsWith('key: secret }', 'key: secret, expires: 2027-02-30 }'),
    faults: [
      'starling.yaml:4:42  "expires" of the API key "default" is no time. Write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970.',
    ],
  },
  {
    what: 'API_KEY named twice',
    files: settingsWith(
      'dataSources:',
      'additionalAuthenticationProviders: [{ authenticationType: API_KEY }]\ndataSources:',
    ),
    faults: ['starling.yaml:5:59  API_KEY is named twice. An API has it once, with all its apiKeys.'],
  },
  {
    what: 'a user pool named twice, denying by default, with an impossible pattern',
    files: settingsWith(
      withKey,
      `${cognito}  defaultAction: DENY\n  appIdClientRegex: "(?<!a)b"\nadditionalAuthenticationProviders:\n  - authenticationType: AMAZON_COGNITO_USER_POOLS\n    userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2 }\n`,
    ),
    faults: [
      'starling.yaml:6:18  DENY cannot be combined with additionalAuthenticationProviders. Use ALLOW, and put directives on the fields that are not for everybody.',
      'starling.yaml:7:21  "appIdClientRegex" is no regular expression: ',
      'starling.yaml:10:35  The user pool "us-west-2_a" is named twice. Name it once.',
    ],
  },
  {
    what: 'a DynamoDB data source without a table',
    files: settingsWith('{ name: Local, type: NONE }', '{ name: Local, type: AMAZON_DYNAMODB }'),
    faults: ['starling.yaml:6:5  "dataSources[0].dynamodbConfig" is missing. Add "dynamodbConfig".'],
  },
  {
    what: 'two data sources of one name, one with a table it cannot have',
    files: settingsWith(
      '{ name: Local, type: NONE }',
      '{ name: Local, type: NONE }\n  - { name: Local, type: NONE, dynamodbConfig: { tableName: TasksTable, awsRegion: us-west-2 } }',
    ),
    faults: [
      'starling.yaml:7:13  There is another data source with the name "Local". Give each its own.',
      'starling.yaml:7:32  The data source "Local" is of type NONE and has a "dynamodbConfig". Make it AMAZON_DYNAMODB, or remove the config.',
    ],
  },
  {
    what: 'an environment variable that is no text, and one of an impossible name',
    files: settingsWith('dataSources:', 'environmentVariables: { TTL: 3600, __proto__: x }\ndataSources:'),
    faults: [
      'starling.yaml:5:30  "environmentVariables.TTL" is a number and must be a text (put it in quotes). A text of up to 512 characters.',
      'starling.yaml:5:36  "environmentVariables.__proto__" is no possible name here. Names match ^[A-Za-z][A-Za-z0-9_]{1,63}$.',
    ],
  },
  {
    what: 'aliases that unfold without end',
    files: {
      'starling.yaml': `a: &a [x, x]\nb: &b [${'*a, '.repeat(20)}]\nc: &c [${'*b, '.repeat(20)}]\nd: [${'*c, '.repeat(20)}]\n`,
    },
    faults: ['starling.yaml:1:1  Not valid YAML: Excessive alias count indicates a resource exhaustion attack.'],
  },
];

const resolverCases: readonly FaultCase[] = [
  {
    what: 'an unknown type',
    files: settingsWith('typeName: Mutation', 'typeName: Mutatoin'),
    faults: [
      'starling.yaml:8:5  The request template of Mutatoin.createTask is missing: there is no file "resolvers/Mutatoin.createTask.request.vtl". Add the file, or correct the path.',
      'starling.yaml:8:5  The response template of Mutatoin.createTask is missing: there is no file "resolvers/Mutatoin.createTask.response.vtl". Add the file, or correct the path.',
      'starling.yaml:8:17  The schema has no type "Mutatoin". Did you mean "Mutation"?',
    ],
  },
  {
    what: 'a type that is no object type',
    files: {
      ...settingsWith('typeName: Mutation, fieldName: createTask', 'typeName: Priority, fieldName: low'),
      ...schemaWith('type Query', 'enum Priority { low }\ntype Query'),
      'resolvers/Priority.low.request.vtl': '{}',
      'resolvers/Priority.low.response.vtl': '{}',
    },
    faults: ['starling.yaml:8:17  "Priority" is not an object type. There is Task, Query, Mutation and Subscription.'],
  },
  {
    what: 'an unknown field',
    files: {
      ...settingsWith('fieldName: createTask', 'fieldName: createTsk'),
      'resolvers/Mutation.createTsk.request.vtl': '{}',
      'resolvers/Mutation.createTsk.response.vtl': '{}',
    },
    faults: ['starling.yaml:8:38  The type Mutation has no field "createTsk". Did you mean "createTask"?'],
  },
  {
    what: 'two resolvers of one field',
    files: settingsWith(
      'dataSourceName: Local }',
      'dataSourceName: Local }\n  - { typeName: Mutation, fieldName: createTask, dataSourceName: Local }',
    ),
    faults: [
      'starling.yaml:9:5  There is another resolver for Mutation.createTask. A field has one; remove the other.',
    ],
  },
  {
    what: 'an unknown data source',
    files: settingsWith('dataSourceName: Local', 'dataSourceName: Loacl'),
    faults: ['starling.yaml:8:66  There is no data source "Loacl". Did you mean "Local"?'],
  },
  {
    what: 'a missing template',
    files: { 'resolvers/Mutation.createTask.response.vtl': null },
    faults: [
      'starling.yaml:8:5  The response template of Mutation.createTask is missing: there is no file "resolvers/Mutation.createTask.response.vtl". Add the file, or correct the path.',
    ],
  },
  {
    what: 'a template path that leads out of the folder',
    files: settingsWith('dataSourceName: Local }', 'dataSourceName: Local, requestMappingTemplate: ../../etc/passwd }'),
    faults: [
      'starling.yaml:8:97  The path "../../etc/passwd" of the request template of Mutation.createTask leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'an absolute schema path',
    files: settingsWith('name: boards', 'name: boards\nschema: /etc/passwd'),
    faults: [
      'starling.yaml:2:9  The path "/etc/passwd" of the schema leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'a folder in place of a template',
    files: settingsWith('dataSourceName: Local }', 'dataSourceName: Local, requestMappingTemplate: resolvers }'),
    faults: [
      'starling.yaml:8:97  The request template of Mutation.createTask, "resolvers", is not a file. Name a file.',
    ],
  },
  {
    what: 'a template of more than 64 KB',
    files: { 'resolvers/Mutation.createTask.request.vtl': long },
    faults: [
      'starling.yaml:8:5  The request template of Mutation.createTask, "resolvers/Mutation.createTask.request.vtl", has 65537 bytes. At most 65536 are allowed.',
    ],
  },
  {
    what: 'templates that do not parse, both of them',
    files: {
      'resolvers/Mutation.createTask.request.vtl': '{}\n#if($a)\n',
      'resolvers/Mutation.createTask.response.vtl': '\n#foreach($x of [1])#end',
    },
    faults: ['resolvers/Mutation.createTask.request.vtl:', 'resolvers/Mutation.createTask.response.vtl:2:'],
  },
];

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
];

/** An expectation that ends in a space or colon is the beginning of its line: the rest is a parser's own text. */
function beginningsOf(lines: readonly string[], expected: readonly string[]): readonly string[] {
  return lines.map((line, index) => {
    const wanted = expected[index];
    return wanted !== undefined && /[: ]$/.test(wanted) ? line.slice(0, wanted.length) : line;
  });
}

describe.each([
  ['faults of the settings', settingsCases],
  ['faults of resolvers and files', resolverCases],
  ['faults of local settings', localCases],
])('%s', (_, cases) => {
  it.each(cases)('should report $what', async ({ files, faults }) => {
    const found = await faultsOf(files);

    expect(beginningsOf(found, faults)).toEqual(faults);
  });
});

it('should refuse a link that leads out of the folder', async () => {
  const dir = await writeDefinition({ 'schema.graphql': null });
  await symlink('/etc/hostname', join(dir, 'schema.graphql'));

  await expect(loadApiDefinition(dir, { variables: {} })).rejects.toThrow('is a link that leads out of the folder');
});
