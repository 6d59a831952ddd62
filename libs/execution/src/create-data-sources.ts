import { randomBytes } from 'node:crypto';
import type {
  ApiDefinition,
  ApiLimits,
  DataSourceDefinition,
  HttpDataSource,
  RelationalDatabaseDataSource,
} from '#libs/api-definition';
import {
  createAwsLambdaInvoker,
  createDynamoDbDataSource,
  createEventBridgeDataSource,
  createHttpDataSource,
  createLambdaDataSource,
  createLambdaInvoker,
  createNoneDataSource,
  createOpenSearchDataSource,
  createRdsDataApiDataSource,
  createSqlDataSource,
} from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';

/** What data sources need beside the definition: where their services are. */
export interface DataSourceSettings {
  /** Default: AWS, in the data source's region. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Credentials for DynamoDB. Default: the AWS SDK's own chain. */
  readonly dynamodbCredentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Key material for `nextToken`. Default: random, so that tokens are good in this process only. */
  readonly nextTokenSecret?: string | undefined;
  /** Takes what functions that run on this machine print. Default: nowhere. */
  readonly log?: (level: 'info' | 'error', message: string, details: Record<string, unknown>) => void;
}

/**
 * One data source for each that the definition names. Nothing is connected until a resolver asks. Close them at shutdown.
 *
 * @throws RangeError for a config that the data source cannot be meant with
 */
export function createDataSources(
  definition: ApiDefinition,
  settings: DataSourceSettings,
): ReadonlyMap<string, DataSource> {
  const nextTokenSecret = settings.nextTokenSecret ?? randomBytes(32).toString('base64');
  const { limits } = definition;
  const create = (source: DataSourceDefinition): DataSource => {
    switch (source.type) {
      case 'NONE':
        return createNoneDataSource();
      case 'AMAZON_DYNAMODB': {
        const { tableName, awsRegion } = source.dynamodbConfig;
        return createDynamoDbDataSource({
          tableName,
          nextTokenSecret,
          client: { region: awsRegion, endpoint: settings.dynamodbEndpoint, credentials: settings.dynamodbCredentials },
          conflictHandlers: (functionName) =>
            createAwsLambdaInvoker({ functionName, timeoutMs: limits.requestTimeoutMs }),
        });
      }
      case 'AWS_LAMBDA':
        return createLambdaDataSource({
          invoker: createLambdaInvoker(source.lambdaConfig, {
            timeoutMs: limits.requestTimeoutMs,
            log: (level, message) => settings.log?.(level, message, { dataSource: source.name }),
          }),
        });
      case 'HTTP':
        return createHttp(source, limits);
      case 'RELATIONAL_DATABASE':
        return createRelationalDatabase(source, limits);
      case 'AMAZON_EVENTBRIDGE': {
        const { eventBusArn } = source.eventBridgeConfig;
        return createEventBridgeDataSource({ eventBusArn, client: { region: regionOf(eventBusArn) } });
      }
      case 'AMAZON_OPENSEARCH_SERVICE':
      case 'AMAZON_ELASTICSEARCH':
        return createOpenSearchDataSource({
          ...source.openSearchServiceConfig,
          type: source.type,
          timeoutMs: limits.requestTimeoutMs,
          maxResponseBytes: limits.maxEvaluatedBytes,
        });
    }
  };
  return new Map([...definition.dataSources].map(([name, source]) => [name, naming(name, () => create(source))]));
}

/** Names the data source in what its factory says of its config. */
function naming<T>(name: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`The data source "${name}" cannot be used. ${error.message}`, { cause: error });
  }
}

/** `arn:<partition>:<service>:<region>:…`; the JSON Schema of starling.yaml holds that there is one. */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

function createHttp({ httpConfig }: HttpDataSource, limits: ApiLimits): DataSource {
  const { endpoint, authorizationConfig, allowedAddresses } = httpConfig;
  return createHttpDataSource({
    endpoint,
    ...(authorizationConfig && { authorization: authorizationConfig.awsIamConfig }),
    ...(allowedAddresses && { allow: allowedAddresses }),
    timeoutMs: limits.requestTimeoutMs,
    maxResponseBytes: limits.maxEvaluatedBytes,
  });
}

function createRelationalDatabase(
  { relationalDatabaseConfig: config }: RelationalDatabaseDataSource,
  { requestTimeoutMs: timeoutMs }: ApiLimits,
): DataSource {
  if ('connectionString' in config)
    return createSqlDataSource({ connectionString: config.connectionString, timeoutMs });
  const { awsRegion, ...target } = config.rdsHttpEndpointConfig;
  return createRdsDataApiDataSource({ ...target, client: { region: awsRegion }, timeoutMs });
}
