import { awsRegion, closed, list, nameOf, oneOf, text, whenThen, wholeNumber } from './schema-parts.js';

const dynamodbConfig = closed(
  {
    tableName: text('The name of the DynamoDB table: 3 to 255 letters, digits, _, - and .', {
      pattern: '^[A-Za-z0-9_.-]{3,255}$',
    }),
    awsRegion,
  },
  ['tableName', 'awsRegion'],
  { description: 'The table of an AMAZON_DYNAMODB data source' },
);

/** Of a function that runs in a process beside ours. */
export const lambdaEnvironment = {
  type: 'object',
  description: 'What a handler reads as process.env, each a text. Default: nothing',
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: { type: 'string', description: 'The value of the variable: a text' },
};

/** Of a function behind an address. */
export const lambdaHeaders = {
  type: 'object',
  description: 'Headers that are sent to the url, such as a shared secret, each a text. Default: none',
  propertyNames: { pattern: '^[A-Za-z0-9-]+$' },
  additionalProperties: text('The value of the header: visible ASCII characters and spaces', {
    pattern: '^[ -~]+$',
  }),
};

/** The ARN of a Lambda function, of a version of it or of an alias. */
export const lambdaFunctionArnPattern =
  '^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$';

const lambdaConfig = closed(
  {
    lambdaFunctionArn: text('The ARN of a Lambda function', { pattern: lambdaFunctionArnPattern }),
    handler: text('Path of a module inside the folder that exports handler(event), such as functions/tasks.mjs'),
    environmentVariables: lambdaEnvironment,
    url: text('An http or https address that takes events by POST', { pattern: '^https?://' }),
    headers: lambdaHeaders,
  },
  [],
  { description: 'The function of an AWS_LAMBDA data source: lambdaFunctionArn, handler or url' },
);

const httpConfig = closed(
  {
    endpoint: text('An http or https address without user, query and fragment: https://api.example.com', {
      pattern: '^https?://[^?#@\\s]+$',
    }),
    authorizationConfig: closed(
      {
        authorizationType: oneOf(['AWS_IAM'], 'How requests are signed: AWS_IAM'),
        awsIamConfig: closed(
          { signingRegion: awsRegion, signingServiceName: text('The name of the AWS service, such as execute-api') },
          ['signingRegion', 'signingServiceName'],
          { description: 'The region and the service that requests are signed for' },
        ),
      },
      ['authorizationType', 'awsIamConfig'],
      { description: 'How requests are signed. Default: not at all' },
    ),
    allowedAddresses: list(
      text('An IP address, or a range such as 10.0.0.0/8', { pattern: '^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$' }),
      'Addresses outside of the public internet that may be called all the same. Default: none',
    ),
  },
  ['endpoint'],
  { description: 'The endpoint of an HTTP data source' },
);

const rdsHttpEndpointConfig = closed(
  {
    awsRegion,
    awsSecretStoreArn: text('The ARN of the secret that has the credentials', { pattern: '^arn:' }),
    databaseName: text('The name of the database'),
    dbClusterIdentifier: text('The ARN of the cluster', { pattern: '^arn:' }),
    schema: text('The name of the schema inside the database'),
  },
  ['awsRegion', 'awsSecretStoreArn', 'dbClusterIdentifier'],
  { description: 'The cluster, for the RDS Data API' },
);

const relationalDatabaseConfig = closed(
  {
    relationalDatabaseSourceType: oneOf(
      ['RDS_HTTP_ENDPOINT'],
      'RDS_HTTP_ENDPOINT: the database is reached by the RDS Data API',
    ),
    rdsHttpEndpointConfig,
    connectionString: text('The address of a PostgreSQL or MySQL database: postgresql://… or mysql://…', {
      pattern: '^(postgres|postgresql|mysql|mariadb)://',
    }),
  },
  [],
  {
    description: 'The database of a RELATIONAL_DATABASE data source: rdsHttpEndpointConfig or connectionString',
    ...whenThen(
      'relationalDatabaseSourceType',
      'RDS_HTTP_ENDPOINT',
      'rdsHttpEndpointConfig',
      rdsHttpEndpointConfig.description,
    ),
  },
);

const eventBridgeConfig = closed(
  {
    eventBusArn: text('The ARN of the event bus', {
      pattern: '^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/.+$',
    }),
  },
  ['eventBusArn'],
  { description: 'The event bus of an AMAZON_EVENTBRIDGE data source' },
);

const openSearch = (type: string) =>
  closed(
    { awsRegion, endpoint: text('The address of the domain: https://…', { pattern: '^https?://[^?#@\\s]+$' }) },
    ['awsRegion', 'endpoint'],
    { description: `The domain of an ${type} data source` },
  );

const bedrockRuntimeConfig = closed(
  {
    awsRegion,
    timeoutMs: wholeNumber(
      1,
      600_000,
      'Longest wait for the answer of a model, in milliseconds, up to ten minutes. Default 10000',
    ),
  },
  ['awsRegion'],
  { description: 'The region of an AMAZON_BEDROCK_RUNTIME data source' },
);

/** Each type that needs a config, and the key it is under. AppSync's own names, in camelCase, but for Bedrock's: AppSync has none, as it asks in its own region. */
export const configOfType = Object.freeze({
  AMAZON_DYNAMODB: 'dynamodbConfig',
  AWS_LAMBDA: 'lambdaConfig',
  HTTP: 'httpConfig',
  RELATIONAL_DATABASE: 'relationalDatabaseConfig',
  AMAZON_EVENTBRIDGE: 'eventBridgeConfig',
  AMAZON_OPENSEARCH_SERVICE: 'openSearchServiceConfig',
  AMAZON_ELASTICSEARCH: 'elasticsearchConfig',
  AMAZON_BEDROCK_RUNTIME: 'bedrockRuntimeConfig',
});

const configs = {
  dynamodbConfig,
  lambdaConfig,
  httpConfig,
  relationalDatabaseConfig,
  eventBridgeConfig,
  openSearchServiceConfig: openSearch('AMAZON_OPENSEARCH_SERVICE'),
  elasticsearchConfig: openSearch('AMAZON_ELASTICSEARCH'),
  bedrockRuntimeConfig,
};

const hints: Readonly<Record<keyof typeof configs, string>> = {
  dynamodbConfig: 'The table: tableName and awsRegion',
  lambdaConfig: 'The function: lambdaFunctionArn, handler or url',
  httpConfig: 'The endpoint: endpoint and, to sign requests, authorizationConfig',
  relationalDatabaseConfig: 'The database: rdsHttpEndpointConfig or connectionString',
  eventBridgeConfig: 'The event bus: eventBusArn',
  openSearchServiceConfig: 'The domain: awsRegion and endpoint',
  elasticsearchConfig: 'The domain: awsRegion and endpoint',
  bedrockRuntimeConfig: 'The region of the models: awsRegion',
};

const types = ['NONE', ...Object.keys(configOfType)];

export const dataSource = closed(
  {
    name: nameOf('resolvers'),
    type: oneOf(types, `What it is: ${types.slice(0, -1).join(', ')} or ${types.at(-1)}`),
    description: { type: 'string', description: 'A note for readers' },
    ...configs,
  },
  ['name', 'type'],
  { allOf: Object.entries(configOfType).map(([type, config]) => whenThen('type', type, config, hints[config])) },
);
