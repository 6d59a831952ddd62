import type { AuthenticationType } from '../sdl/field-policy.js';
import type { configOfType } from './schema/data-source-schema.js';

/** `starling.yaml` as written, once it has passed its JSON Schema. See docs/reference/starling-yaml.md. */
export interface Settings extends ModeSettings {
  readonly name: string;
  readonly schema?: string;
  readonly authenticationType: AuthenticationType;
  readonly apiKeys?: readonly ApiKeySettings[];
  readonly additionalAuthenticationProviders?: readonly AdditionalProviderSettings[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly dataSources?: readonly DataSourceSettings[];
  readonly functions?: readonly FunctionSettings[];
  readonly resolvers?: readonly ResolverSettings[];
  readonly introspectionConfig?: 'ENABLED' | 'DISABLED';
  readonly queryDepthLimit?: number;
  readonly resolverCountLimit?: number;
  readonly limits?: LimitSettings;
  readonly local?: LocalYaml;
}

/** What goes with the mode that stands beside it. */
export interface ModeSettings {
  readonly userPoolConfig?: UserPoolSettings;
  readonly openIDConnectConfig?: OpenIdConnectSettings;
  readonly lambdaAuthorizerConfig?: LambdaAuthorizerSettings;
}

export interface UserPoolSettings {
  readonly userPoolId: string;
  readonly awsRegion: string;
  readonly defaultAction?: 'ALLOW' | 'DENY';
  readonly appIdClientRegex?: string;
}

export interface OpenIdConnectSettings {
  readonly issuer: string;
  readonly clientId?: string;
  readonly iatTTL?: number;
  readonly authTTL?: number;
}

export interface LambdaAuthorizerSettings {
  readonly authorizerUri: string;
  readonly authorizerResultTtlInSeconds?: number;
  readonly identityValidationExpression?: string;
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiKeySettings {
  readonly id: string;
  readonly key: string;
  readonly expires?: string | number;
}

export interface AdditionalProviderSettings extends ModeSettings {
  readonly authenticationType: AuthenticationType;
}

export interface DataSourceSettings {
  readonly name: string;
  readonly type: 'NONE' | keyof typeof configOfType;
  readonly description?: string;
  readonly dynamodbConfig?: { readonly tableName: string; readonly awsRegion: string };
  readonly lambdaConfig?: LambdaSettings;
  readonly httpConfig?: HttpSettings;
  readonly relationalDatabaseConfig?: {
    readonly relationalDatabaseSourceType?: 'RDS_HTTP_ENDPOINT';
    readonly rdsHttpEndpointConfig?: RdsHttpEndpointSettings;
    readonly connectionString?: string;
  };
  readonly eventBridgeConfig?: { readonly eventBusArn: string };
  readonly openSearchServiceConfig?: OpenSearchSettings;
  readonly elasticsearchConfig?: OpenSearchSettings;
  readonly bedrockRuntimeConfig?: BedrockRuntimeSettings;
}

export interface LambdaSettings {
  readonly lambdaFunctionArn?: string;
  readonly handler?: string;
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpSettings {
  readonly endpoint: string;
  readonly authorizationConfig?: {
    readonly authorizationType: 'AWS_IAM';
    readonly awsIamConfig: { readonly signingRegion: string; readonly signingServiceName: string };
  };
  readonly allowedAddresses?: readonly string[];
}

export interface RdsHttpEndpointSettings {
  readonly awsRegion: string;
  readonly awsSecretStoreArn: string;
  readonly dbClusterIdentifier: string;
  readonly databaseName?: string;
  readonly schema?: string;
}

export interface OpenSearchSettings {
  readonly awsRegion: string;
  readonly endpoint: string;
}

export interface BedrockRuntimeSettings {
  readonly awsRegion: string;
  readonly timeoutMs?: number;
}

/** What resolvers and functions have alike. */
export interface HandlerSettings {
  readonly code?: string;
  readonly runtime?: { readonly name: 'APPSYNC_JS'; readonly runtimeVersion: '1.0.0' };
  readonly requestMappingTemplate?: string;
  readonly responseMappingTemplate?: string;
  readonly maxBatchSize?: number;
}

export interface FunctionSettings extends HandlerSettings {
  readonly name: string;
  readonly description?: string;
  readonly dataSourceName: string;
  readonly functionVersion?: '2018-05-29';
}

export interface ResolverSettings extends HandlerSettings {
  readonly typeName: string;
  readonly fieldName: string;
  readonly kind?: 'UNIT' | 'PIPELINE';
  readonly dataSourceName?: string;
  readonly pipelineConfig?: { readonly functions: readonly string[] };
}

export interface LimitSettings {
  readonly requestTimeoutMs?: number;
  readonly maxFunctionsPerPipeline?: number;
  readonly maxEvaluatedBytes?: number;
  readonly maxLoopIterations?: number;
  readonly maxTokens?: number;
  readonly maxDepth?: number;
  readonly maxAliases?: number;
  readonly maxDirectives?: number;
  readonly maxFragments?: number;
  readonly maxRootFields?: number;
  readonly maxFields?: number;
}

export type KeySettings = string | { readonly name: string; readonly type?: 'S' | 'N' | 'B' };

export interface LocalYaml {
  readonly users?: readonly LocalUserSettings[];
  readonly groups?: readonly string[];
  readonly accessKeys?: readonly LocalAccessKeySettings[];
  readonly lambdaToken?: string;
  readonly tables?: readonly LocalTableSettings[];
  readonly try?: readonly TrySettings[];
}

export interface LocalUserSettings {
  readonly username: string;
  readonly password: string;
  readonly groups?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface LocalAccessKeySettings {
  readonly username: string;
  readonly userArn?: string;
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

export interface LocalTableSettings {
  readonly tableName: string;
  readonly partitionKey: KeySettings;
  readonly sortKey?: KeySettings;
  readonly globalSecondaryIndexes?: readonly {
    readonly indexName: string;
    readonly partitionKey: KeySettings;
    readonly sortKey?: KeySettings;
  }[];
}

export interface TrySettings {
  readonly title: string;
  readonly as?: string;
  readonly operation: string;
}
