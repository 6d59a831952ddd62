export type { AwsConnection, RepeatingAwsConnection } from './aws-connection.js';
export type { DataSource, DataSourceCall } from './data-source.js';
export { createDynamoDbClient } from './dynamodb/dynamodb-client.js';
export type { DynamoDBClientLike } from './dynamodb/dynamodb-client.js';
export { createDynamoDbDataSource } from './dynamodb/dynamodb-data-source.js';
export type { DynamoDbDataSourceOptions } from './dynamodb/dynamodb-data-source.js';
export { createNoneDataSource } from './none/none-data-source.js';
export { createRequestSigner } from './signing/request-signer.js';
export type {
  AwsCredentials,
  RequestSigner,
  SigningKeys,
  SigningOptions,
  UnsignedRequest,
} from './signing/request-signer.js';
export type { ResolveHost } from './http/guarded-agent.js';
export { createHttpDataSource } from './http/http-data-source.js';
export type { HttpDataSourceOptions } from './http/http-data-source.js';
export { createAwsLambdaInvoker } from './lambda/aws-lambda-invoker.js';
export type { AwsLambdaInvokerOptions } from './lambda/aws-lambda-invoker.js';
export { createLambdaInvoker } from './lambda/create-lambda-invoker.js';
export type { LambdaInvokerSettings, LambdaInvokerTarget } from './lambda/create-lambda-invoker.js';
export { directLambdaDocument, directLambdaEvent, readDirectLambdaResult } from './lambda/direct-resolver.js';
export { createFileLambdaInvoker } from './lambda/file-lambda-invoker.js';
export type { FileLambdaInvokerOptions } from './lambda/file-lambda-invoker.js';
export { createLambdaDataSource } from './lambda/lambda-data-source.js';
export type { LambdaDataSourceOptions } from './lambda/lambda-data-source.js';
export type { InvocationType, LambdaAnswer, LambdaInvocation, LambdaInvoker } from './lambda/lambda-invoker.js';
export { createUrlLambdaInvoker } from './lambda/url-lambda-invoker.js';
export type { UrlLambdaInvokerOptions } from './lambda/url-lambda-invoker.js';
export { createSqlDataSource } from './relational-database/create-sql-data-source.js';
export type { SqlDataSourceOptions } from './relational-database/create-sql-data-source.js';
export { createRdsDataApiDataSource } from './relational-database/data-api/rds-data-api-data-source.js';
export type { RdsDataApiDataSourceOptions } from './relational-database/data-api/rds-data-api-data-source.js';
export { createRdsDataClient } from './relational-database/data-api/rds-data-client.js';
export type { RdsDataClientLike } from './relational-database/data-api/rds-data-client.js';
export { createMySqlDataSource } from './relational-database/mysql/mysql-data-source.js';
export type { MySqlDataSourceOptions } from './relational-database/mysql/mysql-data-source.js';
export { createPostgresDataSource } from './relational-database/postgres/postgres-data-source.js';
export type { PostgresDataSourceOptions } from './relational-database/postgres/postgres-data-source.js';
export type { RelationalLimits } from './relational-database/relational-data-source.js';
export { createEventBridgeClient } from './eventbridge/eventbridge-client.js';
export type { EventBridgeClientLike } from './eventbridge/eventbridge-client.js';
export { createEventBridgeDataSource } from './eventbridge/eventbridge-data-source.js';
export type { EventBridgeDataSourceOptions } from './eventbridge/eventbridge-data-source.js';
export { createOpenSearchDataSource } from './opensearch/opensearch-data-source.js';
export type { OpenSearchDataSourceOptions } from './opensearch/opensearch-data-source.js';
export { createBedrockClient } from './bedrock/bedrock-client.js';
export type { BedrockClientLike } from './bedrock/bedrock-client.js';
export { createBedrockDataSource } from './bedrock/bedrock-data-source.js';
export type { BedrockDataSourceOptions } from './bedrock/bedrock-data-source.js';
