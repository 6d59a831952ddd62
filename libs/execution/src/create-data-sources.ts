import { randomBytes } from 'node:crypto';
import type {
  ApiDefinition,
  ApiLimits,
  DataSourceDefinition,
  HttpDataSource,
  LambdaTarget,
  RelationalDatabaseDataSource,
} from '#libs/api-definition';
import {
  createBedrockDataSource,
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
import type { DataSource, LambdaInvoker } from '#libs/data-sources';

/** What data sources need beside the definition: where their services are. */
export interface DataSourceSettings {
  /** Default, as of the four that follow: AWS, in the data source's region. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Where functions are that are named by their ARN. */
  readonly lambdaEndpoint?: string | undefined;
  readonly rdsDataEndpoint?: string | undefined;
  readonly eventBridgeEndpoint?: string | undefined;
  readonly bedrockEndpoint?: string | undefined;
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
  const createInvoker = (dataSource: string, target: LambdaTarget): LambdaInvoker =>
    createLambdaInvoker(target, {
      endpoint: settings.lambdaEndpoint,
      timeoutMs: limits.requestTimeoutMs,
      log: (level, message) => settings.log?.(level, message, { dataSource }),
    });
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
          conflictHandlers: (named) => {
            const target = conflictHandlerOf(definition, named);
            return target && createInvoker(source.name, target);
          },
        });
      }
      case 'AWS_LAMBDA':
        return createLambdaDataSource({
          invoker: createInvoker(source.name, source.lambdaConfig),
        });
      case 'HTTP':
        return createHttp(source, limits);
      case 'RELATIONAL_DATABASE':
        return createRelationalDatabase(source, limits, settings.rdsDataEndpoint);
      case 'AMAZON_EVENTBRIDGE': {
        const { eventBusArn } = source.eventBridgeConfig;
        return createEventBridgeDataSource({
          eventBusArn,
          client: { region: regionOf(eventBusArn), endpoint: settings.eventBridgeEndpoint },
        });
      }
      case 'AMAZON_OPENSEARCH_SERVICE':
      case 'AMAZON_ELASTICSEARCH':
        return createOpenSearchDataSource({
          ...source.openSearchServiceConfig,
          type: source.type,
          timeoutMs: limits.requestTimeoutMs,
          maxResponseBytes: limits.maxEvaluatedBytes,
        });
      case 'AMAZON_BEDROCK_RUNTIME': {
        const { awsRegion, timeoutMs } = source.bedrockRuntimeConfig;
        return createBedrockDataSource({
          client: { region: awsRegion, endpoint: settings.bedrockEndpoint },
          timeoutMs,
          maxResponseBytes: limits.maxEvaluatedBytes,
        });
      }
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

/**
 * What a document names as its conflict handler: a function in AWS by its ARN, or an `AWS_LAMBDA` data source of the API by its name.
 * Documents are made by templates, so they may choose among functions and never give an address or a path.
 */
function conflictHandlerOf({ dataSources }: ApiDefinition, named: string): LambdaTarget | undefined {
  if (named.startsWith('arn:')) return { lambdaFunctionArn: named };
  const source = dataSources.get(named);
  return source?.type === 'AWS_LAMBDA' ? source.lambdaConfig : undefined;
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
  endpoint: string | undefined,
): DataSource {
  if ('connectionString' in config)
    return createSqlDataSource({ connectionString: config.connectionString, timeoutMs });
  const { awsRegion, ...target } = config.rdsHttpEndpointConfig;
  return createRdsDataApiDataSource({ ...target, client: { region: awsRegion, endpoint }, timeoutMs });
}
