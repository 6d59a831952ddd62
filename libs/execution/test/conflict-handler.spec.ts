import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import type { JsonObject } from '#libs/protocol';
import { startDynamoDb } from '#libs/testing';
import { assembleApi } from '../src/index.js';
import type { AssembledApi } from '../src/index.js';
import { execute, user } from './execute.js';

const lambdaArn = 'arn:aws:lambda:us-west-2:123456789012:function:resolveTask';

const sdl = `
  type Query { a: ID }
  type Task { id: ID! title: String }
  type Mutation { createTask(id: ID!, title: String): Task! }
`;

const requestWith = (handler: string) => `{
  "version": "2018-05-29",
  "operation": "PutItem",
  "key": { "id": $util.dynamodb.toDynamoDBJson($ctx.args.id) },
  "attributeValues": { "title": $util.dynamodb.toDynamoDBJson($ctx.args.title) },
  "condition": {
    "expression": "attribute_not_exists(id)",
    "conditionalCheckFailedHandler": { "strategy": "Custom", "lambdaArn": "${handler}" }
  }
}`;

interface Lambda {
  readonly endpoint: string;
  readonly invocations: readonly [path: string | undefined, event: unknown][];
}

/** Stands for Lambda: answers every invocation with the decision, and keeps path and event. */
async function startLambda(decision: JsonObject): Promise<Lambda> {
  const invocations: [string | undefined, unknown][] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      invocations.push([incoming.url, JSON.parse(body)]);
      response.end(JSON.stringify(decision));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, invocations };
}

/** An API with one mutation on a table that is empty, and functions beside it. */
async function startApi(handler: string, lambdaEndpoint?: string): Promise<AssembledApi> {
  const dir = await mkdtemp(join(tmpdir(), 'starling-conflicts-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'resolvers'));
  await writeFile(join(dir, 'schema.graphql'), sdl);
  await writeFile(join(dir, 'resolvers/Mutation.createTask.request.vtl'), requestWith(handler));
  await writeFile(join(dir, 'resolve.mjs'), 'export const handler = () => ({ action: "discard" });');
  const response = '#if($ctx.error) $util.error($ctx.error.message, $ctx.error.type) #end $util.toJson($ctx.result)';
  await writeFile(join(dir, 'resolvers/Mutation.createTask.response.vtl'), response);
  const dynamodbConfig = { tableName: 'Tasks', awsRegion: 'us-west-2' };
  const settings = {
    name: 'tasks',
    authenticationType: 'AMAZON_COGNITO_USER_POOLS',
    userPoolConfig: { userPoolId: 'local_tasks', awsRegion: 'us-west-2', defaultAction: 'ALLOW' },
    dataSources: [
      { name: 'Tasks', type: 'AMAZON_DYNAMODB', dynamodbConfig },
      { name: 'ResolveTask', type: 'AWS_LAMBDA', lambdaConfig: { handler: 'resolve.mjs' } },
      { name: 'Local', type: 'NONE' },
    ],
    resolvers: [{ typeName: 'Mutation', fieldName: 'createTask', dataSourceName: 'Tasks' }],
  };
  await writeFile(join(dir, 'starling.yaml'), JSON.stringify(settings));
  const dynamodb = await startDynamoDb();
  onTestFinished(() => dynamodb.stop());
  await dynamodb.createTable({ tableName: 'Tasks', partitionKey: 'id' });
  const assembled = assembleApi(await loadApiDefinition(dir, { variables: {} }), {
    dynamodbEndpoint: dynamodb.endpoint,
    lambdaEndpoint,
    dynamodbCredentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => assembled.close());
  return assembled;
}

const create = (title: string) => `mutation { createTask(id: "t1", title: "${title}") { title } }`;
const jdoe = { identity: user('jdoe') };

it('should ask the function of a failed condition in AWS, and answer as it decides', async () => {
  const { endpoint, invocations } = await startLambda({ action: 'discard' });
  const { api } = await startApi(lambdaArn, endpoint);
  await execute(api, create('Paint'), jdoe);
  expect(invocations).toEqual([]);

  expect(await execute(api, create('Varnish'), jdoe)).toMatchObject({
    errors: [],
    data: { createTask: { title: 'Paint' } },
  });
  expect(invocations).toMatchObject([
    [
      expect.stringContaining(encodeURIComponent(lambdaArn)),
      {
        arguments: { id: 't1', title: 'Varnish' },
        requestMapping: { operation: 'PutItem', key: { id: { S: 't1' } } },
        currentValue: { id: { S: 't1' }, title: { S: 'Paint' } },
        resolver: {
          tableName: 'Tasks',
          awsRegion: 'us-west-2',
          parentType: 'Mutation',
          field: 'createTask',
          outputType: 'Task',
        },
        identity: { username: 'jdoe' },
      },
    ],
  ]);
});

it('should ask the function of a data source that the document names', async () => {
  const { api } = await startApi('ResolveTask');
  await execute(api, create('Paint'), jdoe);
  expect(await execute(api, create('Varnish'), jdoe)).toMatchObject({
    errors: [],
    data: { createTask: { title: 'Paint' } },
  });
});

it.each(['Local', 'Tasks', 'Nobody'])('should refuse a conflict handler that is no function: %s', async (name) => {
  const { api } = await startApi(name);
  expect(await execute(api, create('Paint'), jdoe)).toMatchObject({
    errors: [
      {
        errorType: 'MappingTemplate',
        message: `There is no AWS_LAMBDA data source '${name}' to be a conflict handler.`,
      },
    ],
  });
});
