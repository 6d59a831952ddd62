/** `starling.yaml` as written, once it has passed its JSON Schema. See docs/reference/starling-yaml.md. */
export interface Settings {
  readonly name: string;
  readonly schema?: string;
  readonly authenticationType: BuiltAuthenticationType;
  readonly userPoolConfig?: UserPoolSettings;
  readonly apiKeys?: readonly ApiKeySettings[];
  readonly additionalAuthenticationProviders?: readonly AdditionalProviderSettings[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly dataSources?: readonly DataSourceSettings[];
  readonly resolvers?: readonly ResolverSettings[];
  readonly local?: LocalYaml;
}

/** The modes that requests can be authenticated by now. */
export type BuiltAuthenticationType = 'API_KEY' | 'AMAZON_COGNITO_USER_POOLS';

export interface UserPoolSettings {
  readonly userPoolId: string;
  readonly awsRegion: string;
  readonly defaultAction?: 'ALLOW' | 'DENY';
  readonly appIdClientRegex?: string;
}

export interface ApiKeySettings {
  readonly id: string;
  readonly key: string;
  readonly expires?: string | number;
}

export interface AdditionalProviderSettings {
  readonly authenticationType: BuiltAuthenticationType;
  readonly userPoolConfig?: UserPoolSettings;
}

export interface DataSourceSettings {
  readonly name: string;
  readonly type: 'NONE' | 'AMAZON_DYNAMODB';
  readonly description?: string;
  readonly dynamodbConfig?: { readonly tableName: string; readonly awsRegion: string };
}

export interface ResolverSettings {
  readonly typeName: string;
  readonly fieldName: string;
  readonly kind?: 'UNIT';
  readonly dataSourceName: string;
  readonly requestMappingTemplate?: string;
  readonly responseMappingTemplate?: string;
}

export type KeySettings = string | { readonly name: string; readonly type?: 'S' | 'N' | 'B' };

export interface LocalYaml {
  readonly users?: readonly LocalUserSettings[];
  readonly groups?: readonly string[];
  readonly tables?: readonly LocalTableSettings[];
  readonly try?: readonly TrySettings[];
}

export interface LocalUserSettings {
  readonly username: string;
  readonly password: string;
  readonly groups?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
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
