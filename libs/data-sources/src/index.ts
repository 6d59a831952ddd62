export type { DataSource, DataSourceCall } from './data-source.js';
export { createDynamoDbClient } from './dynamodb/dynamodb-client.js';
export type { DynamoDBClientLike, DynamoDbConnection } from './dynamodb/dynamodb-client.js';
export { createDynamoDbDataSource } from './dynamodb/dynamodb-data-source.js';
export type { DynamoDbDataSourceOptions } from './dynamodb/dynamodb-data-source.js';
export { createNoneDataSource } from './none/none-data-source.js';
