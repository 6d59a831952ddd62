import { describe, expect, it } from 'vitest';
import { faultsLike, load, settingsWith } from '../../test/definition-files.js';
import type { FaultCase, Files } from '../../test/definition-files.js';

const local = '  - { name: Local, type: NONE }';
const withSource = (source: string): Files => settingsWith(local, `${local}\n  - ${source}`);
const arn = 'arn:aws:lambda:us-west-2:123456789012:function:tasks';
const cluster =
  'awsRegion: us-west-2, dbClusterIdentifier: "arn:aws:rds:us-west-2:1:cluster:c", awsSecretStoreArn: "arn:aws:s"';

describe('data sources', () => {
  it.each<[string, string, object]>([
    [
      'a Lambda function on AWS',
      `{ name: Tasks, type: AWS_LAMBDA, lambdaConfig: { lambdaFunctionArn: "${arn}:live" } }`,
      { type: 'AWS_LAMBDA', lambdaConfig: { lambdaFunctionArn: `${arn}:live` } },
    ],
    [
      'a Lambda function behind an address',
      '{ name: Tasks, type: AWS_LAMBDA, lambdaConfig: { url: "http://localhost:9000/tasks", headers: { x-secret: abc } } }',
      { type: 'AWS_LAMBDA', lambdaConfig: { url: 'http://localhost:9000/tasks', headers: { 'x-secret': 'abc' } } },
    ],
    [
      'an HTTP endpoint',
      '{ name: Tasks, type: HTTP, httpConfig: { endpoint: "https://api.example.com", allowedAddresses: [127.0.0.1, "fd00::/8"], authorizationConfig: { authorizationType: AWS_IAM, awsIamConfig: { signingRegion: us-west-2, signingServiceName: states } } } }',
      {
        type: 'HTTP',
        httpConfig: {
          endpoint: 'https://api.example.com',
          allowedAddresses: ['127.0.0.1', 'fd00::/8'],
          authorizationConfig: {
            authorizationType: 'AWS_IAM',
            awsIamConfig: { signingRegion: 'us-west-2', signingServiceName: 'states' },
          },
        },
      },
    ],
    [
      'a cluster, as CloudFormation has it',
      `{ name: Tasks, type: RELATIONAL_DATABASE, relationalDatabaseConfig: { relationalDatabaseSourceType: RDS_HTTP_ENDPOINT, rdsHttpEndpointConfig: { ${cluster}, databaseName: tasks } } }`,
      { type: 'RELATIONAL_DATABASE', relationalDatabaseConfig: { rdsHttpEndpointConfig: { databaseName: 'tasks' } } },
    ],
    [
      'a database by its address',
      '{ name: Tasks, type: RELATIONAL_DATABASE, relationalDatabaseConfig: { connectionString: "postgresql://starling@localhost/tasks" } }',
      { relationalDatabaseConfig: { connectionString: 'postgresql://starling@localhost/tasks' } },
    ],
    [
      'an event bus',
      '{ name: Tasks, type: AMAZON_EVENTBRIDGE, eventBridgeConfig: { eventBusArn: "arn:aws:events:us-west-2:123456789012:event-bus/tasks" } }',
      {
        type: 'AMAZON_EVENTBRIDGE',
        eventBridgeConfig: { eventBusArn: 'arn:aws:events:us-west-2:123456789012:event-bus/tasks' },
      },
    ],
    [
      'an OpenSearch domain under its older name',
      '{ name: Tasks, type: AMAZON_ELASTICSEARCH, elasticsearchConfig: { awsRegion: us-west-2, endpoint: "https://search.example.com" } }',
      {
        type: 'AMAZON_ELASTICSEARCH',
        openSearchServiceConfig: { awsRegion: 'us-west-2', endpoint: 'https://search.example.com' },
      },
    ],
    [
      'models of Bedrock',
      '{ name: Tasks, type: AMAZON_BEDROCK_RUNTIME, bedrockRuntimeConfig: { awsRegion: us-west-2, timeoutMs: 20000 } }',
      { type: 'AMAZON_BEDROCK_RUNTIME', bedrockRuntimeConfig: { awsRegion: 'us-west-2', timeoutMs: 20_000 } },
    ],
  ])('should be read for %s', async (_what, source, expected) => {
    expect((await load(withSource(source))).dataSources.get('Tasks')).toMatchObject(expected);
  });

  it('should name a handler by the real path of its file', async () => {
    const source =
      '{ name: Tasks, type: AWS_LAMBDA, lambdaConfig: { handler: ./functions/tasks.mjs, environmentVariables: { STAGE: test } } }';
    const definition = await load({
      ...withSource(source),
      'functions/tasks.mjs': 'export const handler = () => null;',
    });

    expect(definition.dataSources.get('Tasks')).toMatchObject({
      lambdaConfig: {
        environmentVariables: { STAGE: 'test' },
        handlerPath: expect.stringMatching(/^\/.*\/functions\/tasks\.mjs$/) as unknown,
      },
    });
  });

  it('should let Lambda functions be without templates, either or both', async () => {
    const files = settingsWith(
      `${local}\nresolvers:\n  - { typeName: Mutation, fieldName: createTask, dataSourceName: Local }`,
      `  - { name: Local, type: AWS_LAMBDA, lambdaConfig: { lambdaFunctionArn: "${arn}" } }\nresolvers:\n  - { typeName: Mutation, fieldName: createTask, dataSourceName: Local, maxBatchSize: 10 }`,
    );
    const direct = await load({
      ...files,
      'resolvers/Mutation.createTask.request.vtl': null,
      'resolvers/Mutation.createTask.response.vtl': null,
    });
    expect(direct.resolvers.get('Mutation.createTask')).toMatchObject({
      maxBatchSize: 10,
      handlers: { request: null, response: null },
    });

    const half = await load({ ...files, 'resolvers/Mutation.createTask.request.vtl': null });
    expect(half.resolvers.get('Mutation.createTask')?.handlers).toMatchObject({
      request: null,
      response: expect.any(Function) as unknown,
    });
  });
});

const cases: readonly FaultCase[] = [
  {
    what: 'a type that is not there',
    files: withSource('{ name: Tasks, type: AMAZON_S3 }'),
    faults: [
      'starling.yaml:7:26  "dataSources[1].type" does not take "AMAZON_S3". Available: NONE, AMAZON_DYNAMODB, AWS_LAMBDA, HTTP, RELATIONAL_DATABASE, AMAZON_EVENTBRIDGE, AMAZON_OPENSEARCH_SERVICE, AMAZON_ELASTICSEARCH or AMAZON_BEDROCK_RUNTIME.',
    ],
  },
  {
    what: 'each config that is missing',
    files: withSource(
      [
        'AWS_LAMBDA',
        'HTTP',
        'RELATIONAL_DATABASE',
        'AMAZON_EVENTBRIDGE',
        'AMAZON_OPENSEARCH_SERVICE',
        'AMAZON_BEDROCK_RUNTIME',
      ]
        .map((type, index) => `{ name: Source${index}, type: ${type} }`)
        .join('\n  - '),
    ),
    faults: [
      'starling.yaml:7:5  "dataSources[1].lambdaConfig" is missing. The function: lambdaFunctionArn, handler or url.',
      'starling.yaml:8:5  "dataSources[2].httpConfig" is missing. The endpoint: endpoint and, to sign requests, authorizationConfig.',
      'starling.yaml:9:5  "dataSources[3].relationalDatabaseConfig" is missing. The database: rdsHttpEndpointConfig or connectionString.',
      'starling.yaml:10:5  "dataSources[4].eventBridgeConfig" is missing. The event bus: eventBusArn.',
      'starling.yaml:11:5  "dataSources[5].openSearchServiceConfig" is missing. The domain: awsRegion and endpoint.',
      'starling.yaml:12:5  "dataSources[6].bedrockRuntimeConfig" is missing. The region of the models: awsRegion.',
    ],
  },
  {
    what: 'a config of another type',
    files: withSource(
      '{ name: Tasks, type: HTTP, httpConfig: { endpoint: "https://example.com" }, lambdaConfig: { url: "https://example.com" } }',
    ),
    faults: [
      'starling.yaml:7:81  The data source "Tasks" is of type HTTP and has a "lambdaConfig". Make it AWS_LAMBDA, or remove the config.',
    ],
  },
  {
    what: 'a function that is nowhere, and one that is in two places',
    files: withSource(
      `{ name: Nowhere, type: AWS_LAMBDA, lambdaConfig: {} }\n  - { name: Twice, type: AWS_LAMBDA, lambdaConfig: { lambdaFunctionArn: "${arn}", url: "http://localhost" } }`,
    ),
    faults: [
      'starling.yaml:7:54  "lambdaConfig" names nothing. Give it one of lambdaFunctionArn, handler or url.',
      'starling.yaml:8:52  "lambdaConfig" has lambdaFunctionArn and url. Give it one of lambdaFunctionArn, handler or url.',
    ],
  },
  {
    what: 'variables and headers where nothing gets them',
    files: withSource(
      `{ name: Tasks, type: AWS_LAMBDA, lambdaConfig: { lambdaFunctionArn: "${arn}", headers: { a: b }, environmentVariables: { A: b } } }`,
    ),
    faults: [
      'starling.yaml:7:129  "headers" is of use with "url" only. Remove it.',
      'starling.yaml:7:148  "environmentVariables" is of use with "handler" only. Remove it.',
    ],
  },
  {
    what: 'a handler that is not there, and one outside of the folder',
    files: withSource(
      '{ name: Gone, type: AWS_LAMBDA, lambdaConfig: { handler: functions/gone.mjs } }\n  - { name: Outside, type: AWS_LAMBDA, lambdaConfig: { handler: ../tasks.mjs } }',
    ),
    faults: [
      'starling.yaml:7:62  The handler of the data source "Gone" is missing: there is no file "functions/gone.mjs". Add the file, or correct the path.',
      'starling.yaml:8:65  The path "../tasks.mjs" of the handler of the data source "Outside" leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'an address with a user, a range that is none and a signature for nothing',
    files: withSource(
      '{ name: Tasks, type: HTTP, httpConfig: { endpoint: "https://user@example.com", allowedAddresses: [10.0.0.0/33], authorizationConfig: { authorizationType: AWS_IAM } } }',
    ),
    faults: [
      'starling.yaml:7:56  "dataSources[1].httpConfig.endpoint" is not as it must be. An http or https address without user, query and fragment: https://api.example.com.',
      'starling.yaml:7:138  "dataSources[1].httpConfig.authorizationConfig.awsIamConfig" is missing. The region and the service that requests are signed for.',
    ],
  },
  {
    what: 'a range that is none',
    files: withSource(
      '{ name: Tasks, type: HTTP, httpConfig: { endpoint: "https://example.com", allowedAddresses: [127.0.0.1, 10.0.0.0/33] } }',
    ),
    faults: [
      'starling.yaml:7:109  "10.0.0.0/33" is neither an IP address nor a range. Write 127.0.0.1, 10.20.0.0/16 or fd00::/8.',
    ],
  },
  {
    what: 'a database of two kinds, and one of an unknown kind, whose password is not shown',
    files: withSource(
      `{ name: Two, type: RELATIONAL_DATABASE, relationalDatabaseConfig: { rdsHttpEndpointConfig: { ${cluster} }, connectionString: "mysql://localhost/tasks" } }\n  - { name: Unknown, type: RELATIONAL_DATABASE, relationalDatabaseConfig: { connectionString: "oracle://sa:secret@localhost" } }`,
    ),
    faults: [
      'starling.yaml:7:71  "relationalDatabaseConfig" has rdsHttpEndpointConfig and connectionString. Give it one of rdsHttpEndpointConfig or connectionString.',
      'starling.yaml:8:95  "dataSources[2].relationalDatabaseConfig.connectionString" is not as it must be. The address of a PostgreSQL or MySQL database: postgresql://… or mysql://….',
    ],
  },
];

describe('faults of data sources', () => {
  it.each(cases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
