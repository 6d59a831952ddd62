import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { startPostgres } from '#libs/testing';
import { assembleApi } from '../src/index.js';
import type { AssembledApi } from '../src/index.js';
import { execute } from './execute.js';

const folder = fileURLToPath(new URL('../../../examples/postgres', import.meta.url));

describe('examples/postgres', () => {
  const started = new AsyncDisposableStack();
  let assembled: AssembledApi;
  beforeAll(async () => {
    const server = started.adopt(await startPostgres(), (it) => it.stop());
    const client = new Client({ connectionString: server.connectionString });
    await client.connect();
    await client.query(await readFile(`${folder}/tables.sql`, 'utf8'));
    await client.end();
    const variables = { STARLING_API_KEY: 'da2-secret', DATABASE_URL: server.connectionString };
    assembled = started.adopt(assembleApi(await loadApiDefinition(folder, { variables }), {}), (it) => it.close());
    // A machine without the server installs it first.
  }, 300_000);
  afterAll(() => started.disposeAsync());

  it('should create tasks, publish them, list them, look them up and finish them', async () => {
    const title = `Robert'); DROP TABLE tasks; --`;
    const created = await execute(
      assembled.api,
      'mutation ($title: String!) { createTask(boardId: "nest", title: $title) { id title boardId isDone } }',
      { variables: { title } },
    );
    const id = expect.any(String) as string;
    const task = { id, title, boardId: 'nest', isDone: false };
    expect(created).toMatchObject({ errors: [], data: { createTask: task }, entries: [{ payload: task }] });

    const { createTask } = created.data as { createTask: { id: string } };
    const finish = 'mutation ($id: ID!) { finishTask(id: $id) { id isDone } }';
    const finished = await execute(assembled.api, finish, { variables: { id: createTask.id } });
    expect(finished).toMatchObject({ errors: [], data: { finishTask: { id: createTask.id, isDone: true } } });

    const look =
      'query ($id: ID!) { getTask(id: $id) { title isDone } getTasks(boardId: "nest") { title } none: getTasks(boardId: "x") { id } }';
    const looked = await execute(assembled.api, look, { variables: { id: createTask.id } });
    expect(looked).toMatchObject({
      errors: [],
      data: { getTask: { title, isDone: true }, getTasks: [{ title }], none: [] },
    });
  });

  it('should answer null for a task that is not there, and an error for what is no id', async () => {
    const look = '{ getTask(id: "00000000-0000-4000-8000-000000000000") { id } }';
    expect(await execute(assembled.api, look)).toMatchObject({ errors: [], data: { getTask: null } });
    const { data, errors } = await execute(assembled.api, '{ getTask(id: "seven") { id } }');
    expect(data).toEqual({ getTask: null });
    expect(errors).toHaveLength(1);
    expect(errors[0]!.message).not.toContain('127.0.0.1');
  });
});
