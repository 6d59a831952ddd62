import { randomBytes } from 'node:crypto';
import type { ApiDefinition, DataSourceDefinition } from '#libs/api-definition';
import { createDynamoDbDataSource, createNoneDataSource } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';

/** What data sources need beside the definition: where their services are. */
export interface DataSourceSettings {
  /** Default: AWS, in the data source's region. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Credentials for DynamoDB. Default: the AWS SDK's own chain. */
  readonly dynamodbCredentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Key material for `nextToken`. Default: random, so that tokens are good in this process only. */
  readonly nextTokenSecret?: string | undefined;
}

/** One data source for each that the definition names. Nothing is connected until a resolver asks. Close them at shutdown. */
export function createDataSources(
  definition: ApiDefinition,
  settings: DataSourceSettings,
): ReadonlyMap<string, DataSource> {
  const nextTokenSecret = settings.nextTokenSecret ?? randomBytes(32).toString('base64');
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
        });
      }
      default:
        throw new Error(`Data sources of type ${source.type} are not available yet.`);
    }
  };
  return new Map([...definition.dataSources].map(([name, source]) => [name, create(source)]));
}
