export { ensureRedisBinary } from './redis-binary.js';
export { startRedisServer } from './redis-server.js';
export type { RedisServer, RedisServerOptions } from './redis-server.js';
export { startTokenIssuer } from './token-issuer.js';
export type { SignOptions, TokenIssuer, TokenIssuerOptions, TokenSubject } from './token-issuer.js';
export { startDynamoDb } from './dynamodb.js';
export type { DynamoDb, DynamoDbOptions, TableDescription, TableKey } from './dynamodb.js';
