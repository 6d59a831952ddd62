import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, load, settingsWith, soundFiles, writeDefinition } from '../test/definition-files.js';
import { DefinitionError, loadApiDefinition } from './index.js';

describe('loading a sound definition', () => {
  it('should join resolvers, data sources and compiled templates', async () => {
    const definition = await load();

    const resolver = definition.resolvers.get('Mutation.createTask');
    expect(resolver).toMatchObject({ kind: 'UNIT', dataSourceName: 'Local' });
    expect(resolver?.handlers.files[0]).toEqual({
      name: 'resolvers/Mutation.createTask.request.vtl',
      text: soundFiles['resolvers/Mutation.createTask.request.vtl'],
    });
    expect(resolver?.handlers).toMatchObject({ language: 'VTL', request: expect.any(Function) as unknown });
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

    expect(definition.resolvers.get('Mutation.createTask')?.handlers.files[0]?.name).toBe('vtl/create.vtl');
  });

  it('should follow links that stay inside the folder, as Kubernetes mounts a ConfigMap', async () => {
    const dir = await writeDefinition({ 'schema.graphql': null });
    await mkdir(join(dir, '..data'));
    await writeFile(join(dir, '..data', 'schema.graphql'), soundFiles['schema.graphql']);
    await symlink('..data/schema.graphql', join(dir, 'schema.graphql'));

    await expect(loadApiDefinition(dir, { variables: {} })).resolves.toMatchObject({ name: 'boards' });
  });

  it('should find files of folders at the top, as keys of a ConfigMap stand for them, and name them by their path', async () => {
    const request = 'resolvers/Mutation.createTask.request.vtl';
    const definition = await load({
      [request]: null,
      'resolvers__Mutation.createTask.request.vtl': soundFiles[request],
    });
    expect(definition.resolvers.get('Mutation.createTask')?.handlers.files[0]).toEqual({
      name: request,
      text: soundFiles[request],
    });

    const broken = { [request]: null, 'resolvers__Mutation.createTask.request.vtl': '#if(' };
    expect(await faultsOf(broken)).toEqual([
      expect.stringMatching(/^resolvers\/Mutation\.createTask\.request\.vtl:1:/),
    ]);
  });

  it('should take a file at its path before one at the top', async () => {
    const request = 'resolvers/Mutation.createTask.request.vtl';
    const definition = await load({ 'resolvers__Mutation.createTask.request.vtl': '#if(' });
    expect(definition.resolvers.get('Mutation.createTask')?.handlers.files[0]?.text).toBe(soundFiles[request]);
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
      accessKeys: [],
      lambdaToken: null,
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

  it('should report each one once, with every line that asks for it', async () => {
    const files = settingsWith(
      'key: secret }',
      'key: "${KEY}" }\n  - { id: other, key: "${KEY}" }\n  - { id: third, key: "${KEY}" }',
    );

    expect(await faultsOf(files)).toEqual([
      'starling.yaml:4:25  The variable KEY is not set, which lines 5 and 6 ask for as well. Set it, or give a default: ${KEY:-…}.',
    ]);
  });

  it('should not need those of `local` alone in a process that ignores it', async () => {
    const text = `${soundFiles['starling.yaml']}local:\n  lambdaToken: "\${TOKEN}"\n`;
    const options = { variables: {}, ignoresLocal: true };
    const definition = await loadApiDefinition(await writeDefinition({ 'starling.yaml': text }), options);
    expect(definition.name).toBe('boards');
    expect(await faultsOf({ 'starling.yaml': text })).toEqual([
      'starling.yaml:10:16  The variable TOKEN is not set. Set it, or give a default: ${TOKEN:-…}.',
    ]);

    // What an alias carries out of it counts for the API.
    const local = 'local: { lambdaToken: &token "${TOKEN}" }\n';
    const carried = `${local}${soundFiles['starling.yaml'].replace('key: secret', 'key: *token')}`;
    await expect(loadApiDefinition(await writeDefinition({ 'starling.yaml': carried }), options)).rejects.toThrow(
      'The variable TOKEN is not set',
    );
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
    expect(heading).toBe(`The API definition ${dir} has 5 faults:`);
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

it('should refuse a link that leads out of the folder', async () => {
  const dir = await writeDefinition({ 'schema.graphql': null });
  await symlink('/etc/hostname', join(dir, 'schema.graphql'));

  await expect(loadApiDefinition(dir, { variables: {} })).rejects.toThrow('is a link that leads out of the folder');
});
