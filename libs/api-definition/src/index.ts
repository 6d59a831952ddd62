export { loadApiDefinition } from './load-api-definition.js';
export type { LoadOptions } from './load-api-definition.js';
export { DefinitionError, formatFault } from './fault.js';
export type { Fault, Position } from './fault.js';
export { flatSeparator } from './definition-folder.js';
export type { FolderFile } from './definition-folder.js';
export type {
  ApiDefinition,
  DataSourceStep,
  FunctionDefinition,
  HandlersDefinition,
  PipelineResolverDefinition,
  ResolverDefinition,
  UnitResolverDefinition,
} from './definition.js';
export type {
  ApiKey,
  ApiKeyProvider,
  Authentication,
  AuthenticationProvider,
  IamProvider,
  LambdaAuthorizerConfig,
  LambdaAuthorizerProvider,
  OpenIdConnectConfig,
  OpenIdConnectProvider,
  UserPoolConfig,
  UserPoolProvider,
} from './parts/authentication/authentication.js';
export type {
  DataSourceDefinition,
  DynamoDbDataSource,
  BedrockRuntimeDataSource,
  EventBridgeDataSource,
  HttpDataSource,
  LambdaDataSource,
  NoneDataSource,
  OpenSearchDataSource,
  RelationalDatabaseDataSource,
} from './parts/data-sources.js';
export type { LambdaTarget } from './parts/lambda-target.js';
export { defaultLimits } from './parts/limits.js';
export type { ApiLimits } from './parts/limits.js';
export type {
  LocalAccessKey,
  LocalIndex,
  LocalKey,
  LocalSettings,
  LocalTable,
  LocalUser,
} from './parts/local-settings.js';
export type { TryStep } from './parts/try-steps.js';
export type { AuthenticationType, FieldGrant, FieldPolicy } from './sdl/field-policy.js';
export { awsScalars } from './scalars/index.js';
