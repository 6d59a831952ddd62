import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { startDynamoDb } from '#libs/testing';
import { assembleApi } from '../src/index.js';
import type { AssembledApi } from '../src/index.js';
import { execute, user } from './execute.js';

let stop: () => Promise<void>;
let assembled: AssembledApi;
beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  const dynamodb = started.adopt(await startDynamoDb(), (it) => it.stop());
  const variables = { COGNITO_USER_POOL_ID: 'local_boards', COGNITO_CLIENT_ID: 'boards-web' };
  const folder = fileURLToPath(new URL('../../../examples/pipeline-js', import.meta.url));
  const definition = await loadApiDefinition(folder, { variables });
  for (const { tableName, partitionKey, globalSecondaryIndexes } of definition.local.tables) {
    const indexes = globalSecondaryIndexes.map((index) => ({
      indexName: index.indexName,
      partitionKey: index.partitionKey.name,
      sortKey: index.sortKey!.name,
    }));
    await dynamodb.createTable({ tableName, partitionKey: partitionKey.name, indexes });
  }
  const dynamodbCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const settings = { dynamodbEndpoint: dynamodb.endpoint, dynamodbCredentials };
  assembled = started.adopt(assembleApi(definition, settings), (it) => it.close());
  const running = started.move();
  stop = () => running.disposeAsync();
});
afterAll(() => stop());

describe('examples/pipeline-js', () => {
  const jdoe = { identity: user('jdoe') };
  const janed = { identity: user('janed') };
  const outsider = { identity: user('someone') };

  it('should let members create, list and subscribe to the tasks of their board, and nobody else', async () => {
    const { api } = assembled;
    const board = await execute(
      api,
      'mutation { createBoard(id: "board-1", name: "Roof", members: ["janed", "jdoe"]) { members } }',
      jdoe,
    );
    expect(board.data).toEqual({ createBoard: { members: ['jdoe', 'janed'] } });

    const create = (title: string) =>
      `mutation { createTask(boardId: "board-1", title: "${title}") { title boardId createdBy } }`;
    const created = await execute(api, create('Buy tiles'), janed);
    const task = { title: 'Buy tiles', boardId: 'board-1', createdBy: 'janed' };
    expect(created).toMatchObject({ errors: [], data: { createTask: task }, entries: [{ payload: task }] });

    const list = '{ getTasks(boardId: "board-1") { title createdBy } }';
    expect((await execute(api, list, jdoe)).data).toEqual({ getTasks: [{ title: 'Buy tiles', createdBy: 'janed' }] });
    const subscribe = 'subscription { onTaskCreated(boardId: "board-1") { title } }';
    expect(await execute(api, subscribe, jdoe)).toMatchObject({ data: { onTaskCreated: null }, errors: [] });

    for (const text of [create('Burn it'), list, subscribe]) {
      const { errors, entries } = await execute(api, text, outsider);
      expect(errors).toMatchObject([{ errorType: 'Unauthorized' }]);
      expect(entries).toEqual([]);
    }
    expect((await execute(api, list, jdoe)).data).toMatchObject({ getTasks: [{ title: 'Buy tiles' }] });
  });

  it('should not give a board that is there to someone else', async () => {
    const create = 'mutation { createBoard(id: "board-2", name: "Nest") { members } }';
    await execute(assembled.api, create, jdoe);
    const { data, errors } = await execute(assembled.api, create, outsider);
    expect(data).toEqual({ createBoard: null });
    expect(errors).toMatchObject([{ errorType: 'DynamoDB:ConditionalCheckFailedException', data: null }]);
  });

  it('should refuse boards that are not there like those of others', async () => {
    const { errors } = await execute(assembled.api, '{ getTasks(boardId: "board-3") { id } }', jdoe);
    expect(errors).toMatchObject([{ errorType: 'Unauthorized', path: ['getTasks'] }]);
  });
});
