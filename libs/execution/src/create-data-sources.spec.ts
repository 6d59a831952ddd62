import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import type { DataSource } from '#libs/data-sources';
import type { JsonObject } from '#libs/protocol';
import { createDataSources } from './index.js';
import type { DataSourceSettings } from './index.js';

const account = '123456789012';
const rdsHttpEndpointConfig = {
  awsRegion: 'us-west-2',
  dbClusterIdentifier: `arn:aws:rds:us-west-2:${account}:cluster:tasks`,
  awsSecretStoreArn: `arn:aws:secretsmanager:us-west-2:${account}:secret:tasks`,
};

/** Makes the data sources of an API that has nothing else. They are closed when the test is over. */
async function createAll(
  dataSources: readonly JsonObject[],
  settings: DataSourceSettings = {},
): Promise<ReadonlyMap<string, DataSource>> {
  const dir = await mkdtemp(join(tmpdir(), 'starling-data-sources-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'schema.graphql'), 'type Query { a: ID }');
  await mkdir(join(dir, 'functions'));
  await writeFile(
    join(dir, 'functions/greet.mjs'),
    'export function handler({ name }) { console.log("greeting"); return `Hello ${name}, ${process.env.FROM}`; }',
  );
  const yaml = { name: 'tasks', authenticationType: 'API_KEY', apiKeys: [{ id: 'a', key: 'b' }], dataSources };
  await writeFile(join(dir, 'starling.yaml'), JSON.stringify(yaml));
  const created = createDataSources(await loadApiDefinition(dir, { variables: {} }), settings);
  onTestFinished(async () => {
    for (const dataSource of created.values()) await dataSource.close();
  });
  return created;
}

/** Stands for a service of AWS that answers every request with an empty object. Stopped when the test is over. */
async function startService(onRequest: (request: IncomingMessage) => void): Promise<string> {
  const server = createServer((request, response) => {
    onRequest(request);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = { resolver: 'Query.a' };

describe('the data sources of a definition', () => {
  it('should be one for each, of every type, and connect to nothing', async () => {
    const domain = { awsRegion: 'us-west-2', endpoint: 'https://search.example.com' };
    const created = await createAll([
      { name: 'Local', type: 'NONE' },
      { name: 'Table', type: 'AMAZON_DYNAMODB', dynamodbConfig: { tableName: 'Tasks', awsRegion: 'us-west-2' } },
      {
        name: 'Function',
        type: 'AWS_LAMBDA',
        lambdaConfig: { lambdaFunctionArn: `arn:aws:lambda:us-west-2:${account}:function:tasks` },
      },
      { name: 'Address', type: 'AWS_LAMBDA', lambdaConfig: { url: 'http://localhost/tasks', headers: { a: 'b' } } },
      { name: 'File', type: 'AWS_LAMBDA', lambdaConfig: { handler: 'functions/greet.mjs' } },
      {
        name: 'Api',
        type: 'HTTP',
        httpConfig: {
          endpoint: 'https://api.example.com',
          authorizationConfig: {
            authorizationType: 'AWS_IAM',
            awsIamConfig: { signingRegion: 'us-west-2', signingServiceName: 'execute-api' },
          },
        },
      },
      { name: 'Cluster', type: 'RELATIONAL_DATABASE', relationalDatabaseConfig: { rdsHttpEndpointConfig } },
      {
        name: 'Database',
        type: 'RELATIONAL_DATABASE',
        relationalDatabaseConfig: { connectionString: 'postgresql://starling@localhost/tasks' },
      },
      {
        name: 'Bus',
        type: 'AMAZON_EVENTBRIDGE',
        eventBridgeConfig: { eventBusArn: `arn:aws:events:us-west-2:${account}:event-bus/tasks` },
      },
      { name: 'Search', type: 'AMAZON_OPENSEARCH_SERVICE', openSearchServiceConfig: domain },
      { name: 'OlderSearch', type: 'AMAZON_ELASTICSEARCH', elasticsearchConfig: domain },
      { name: 'Models', type: 'AMAZON_BEDROCK_RUNTIME', bedrockRuntimeConfig: { awsRegion: 'us-west-2' } },
    ]);
    expect([...created].map(([name, { type }]) => [name, type])).toEqual([
      ['Local', 'NONE'],
      ['Table', 'AMAZON_DYNAMODB'],
      ['Function', 'AWS_LAMBDA'],
      ['Address', 'AWS_LAMBDA'],
      ['File', 'AWS_LAMBDA'],
      ['Api', 'HTTP'],
      ['Cluster', 'RELATIONAL_DATABASE'],
      ['Database', 'RELATIONAL_DATABASE'],
      ['Bus', 'AMAZON_EVENTBRIDGE'],
      ['Search', 'AMAZON_OPENSEARCH_SERVICE'],
      ['OlderSearch', 'AMAZON_ELASTICSEARCH'],
      ['Models', 'AMAZON_BEDROCK_RUNTIME'],
    ]);
  });

  it('should run a handler of the folder with its own environment, and pass on what it prints', async () => {
    const logged: unknown[] = [];
    const created = await createAll(
      [
        {
          name: 'Greeter',
          type: 'AWS_LAMBDA',
          lambdaConfig: { handler: 'functions/greet.mjs', environmentVariables: { FROM: 'the nest' } },
        },
      ],
      { log: (...record) => logged.push(record) },
    );
    const document = { operation: 'Invoke', payload: { name: 'jdoe' } };
    expect(await created.get('Greeter')!.execute(document, call)).toBe('Hello jdoe, the nest');
    expect(logged).toContainEqual(['info', expect.stringContaining('greeting'), { dataSource: 'Greeter' }]);
  });

  it.each<[keyof DataSourceSettings, JsonObject, JsonObject, string, unknown]>([
    [
      'dynamodbEndpoint',
      { type: 'AMAZON_DYNAMODB', dynamodbConfig: { tableName: 'Tasks', awsRegion: 'us-west-2' } },
      { operation: 'GetItem', key: { id: { S: 't1' } } },
      '/',
      null,
    ],
    [
      'lambdaEndpoint',
      {
        type: 'AWS_LAMBDA',
        lambdaConfig: { lambdaFunctionArn: `arn:aws:lambda:us-west-2:${account}:function:tasks` },
      },
      { operation: 'Invoke', payload: null },
      `/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A${account}%3Afunction%3Atasks/invocations`,
      {},
    ],
    [
      'rdsDataEndpoint',
      { type: 'RELATIONAL_DATABASE', relationalDatabaseConfig: { rdsHttpEndpointConfig } },
      { statements: ['SELECT 1'] },
      '/Execute',
      expect.stringContaining('sqlStatementResults'),
    ],
    [
      'eventBridgeEndpoint',
      {
        type: 'AMAZON_EVENTBRIDGE',
        eventBridgeConfig: { eventBusArn: `arn:aws:events:us-west-2:${account}:event-bus/tasks` },
      },
      { operation: 'PutEvents', events: [{ source: 'a', detailType: 'b', detail: {} }] },
      '/',
      { Entries: [], FailedEntryCount: 0 },
    ],
    [
      'bedrockEndpoint',
      { type: 'AMAZON_BEDROCK_RUNTIME', bedrockRuntimeConfig: { awsRegion: 'us-west-2' } },
      { operation: 'InvokeModel', modelId: 'amazon.nova-micro-v1:0', body: {} },
      '/model/amazon.nova-micro-v1%3A0/invoke',
      {},
    ],
  ])('should be reached where the settings say: %s', async (setting, dataSource, document, path, result) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const requests: (string | undefined)[] = [];
    const endpoint = await startService((request) => requests.push(request.url));
    const created = await createAll([{ name: 'Service', ...dataSource }], { [setting]: endpoint });
    expect(await created.get('Service')!.execute(document, call)).toEqual(result);
    expect(requests).toEqual([path]);
  });

  it('should be named where one cannot be made', async () => {
    const endpoint = 'http://127.0.0.1:9000';
    await expect(createAll([{ name: 'Private', type: 'HTTP', httpConfig: { endpoint } }])).rejects.toThrow(
      /^The data source "Private" cannot be used\. The HTTP endpoint 127\.0\.0\.1 is not on the public internet\./,
    );
    const allowed = { endpoint, allowedAddresses: ['127.0.0.0/8'] };
    expect([...(await createAll([{ name: 'Private', type: 'HTTP', httpConfig: allowed }]))]).toHaveLength(1);
  });
});
