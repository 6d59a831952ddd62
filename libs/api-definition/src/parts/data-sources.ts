import { isIP } from 'node:net';
import type { DefinitionFolder } from '../definition-folder.js';
import type { FaultList } from '../fault.js';
import { listOf } from '../suggest.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import { configOfType } from '../yaml/schema/data-source-schema.js';
import type {
  BedrockRuntimeSettings,
  DataSourceSettings,
  HttpSettings,
  OpenSearchSettings,
  RdsHttpEndpointSettings,
} from '../yaml/settings.js';
import type { Path } from '../yaml/yaml-file.js';
import { readLambdaTarget } from './lambda-target.js';
import type { LambdaTarget } from './lambda-target.js';

/** What resolvers talk to. */
export type DataSourceDefinition =
  | NoneDataSource
  | DynamoDbDataSource
  | LambdaDataSource
  | HttpDataSource
  | RelationalDatabaseDataSource
  | EventBridgeDataSource
  | OpenSearchDataSource
  | BedrockRuntimeDataSource;

interface Named {
  readonly name: string;
}

/** Answers with the payload of the request. */
export interface NoneDataSource extends Named {
  readonly type: 'NONE';
}

export interface DynamoDbDataSource extends Named {
  readonly type: 'AMAZON_DYNAMODB';
  readonly dynamodbConfig: { readonly tableName: string; readonly awsRegion: string };
}

export interface LambdaDataSource extends Named {
  readonly type: 'AWS_LAMBDA';
  readonly lambdaConfig: LambdaTarget;
}

export interface HttpDataSource extends Named {
  readonly type: 'HTTP';
  readonly httpConfig: HttpSettings;
}

export interface RelationalDatabaseDataSource extends Named {
  readonly type: 'RELATIONAL_DATABASE';
  readonly relationalDatabaseConfig:
    { readonly rdsHttpEndpointConfig: RdsHttpEndpointSettings } | { readonly connectionString: string };
}

export interface EventBridgeDataSource extends Named {
  readonly type: 'AMAZON_EVENTBRIDGE';
  readonly eventBridgeConfig: { readonly eventBusArn: string };
}

/** Under its older name errors have other types, all else is the same. */
export interface OpenSearchDataSource extends Named {
  readonly type: 'AMAZON_OPENSEARCH_SERVICE' | 'AMAZON_ELASTICSEARCH';
  readonly openSearchServiceConfig: OpenSearchSettings;
}

/** Models of Bedrock. */
export interface BedrockRuntimeDataSource extends Named {
  readonly type: 'AMAZON_BEDROCK_RUNTIME';
  readonly bedrockRuntimeConfig: BedrockRuntimeSettings;
}

/** Reads the data sources. A second one of the same name, or the config of another type, is a fault. */
export async function readDataSources(
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<readonly DataSourceDefinition[]> {
  const found = new Map<string, DataSourceDefinition>();
  for (const { value, path } of settings.readList<DataSourceSettings>(['dataSources'])) {
    if (found.has(value.name)) {
      const message = `There is another data source with the name "${value.name}"`;
      faults.add(settings.file.positionOf([...path, 'name']), message, 'Give each its own');
    }
    checkConfigs(value, path, settings, faults);
    checkAddresses(value, path, settings, faults);
    const definition = await toDefinition(value, path, settings, folder, faults);
    if (definition) found.set(value.name, definition);
  }
  return [...found.values()];
}

/** The JSON Schema holds that each type comes with its config; here, that it comes with no other. */
function checkConfigs(value: DataSourceSettings, path: Path, { file }: CheckedSettings, faults: FaultList): void {
  for (const [type, config] of Object.entries(configOfType)) {
    if (value[config] === undefined || type === value.type) continue;
    const message = `The data source "${value.name}" is of type ${value.type} and has a "${config}"`;
    faults.add(file.positionOfKey([...path, config]), message, `Make it ${type}, or remove the config`);
  }
}

function checkAddresses(
  { httpConfig }: DataSourceSettings,
  path: Path,
  { file }: CheckedSettings,
  faults: FaultList,
): void {
  for (const [index, range] of (httpConfig?.allowedAddresses ?? []).entries()) {
    const at = [...path, 'httpConfig', 'allowedAddresses', index];
    if (isRange(range) || file.isOpen(at)) continue;
    faults.add(
      file.positionOf(at),
      `"${range}" is neither an IP address nor a range`,
      'Write 127.0.0.1, 10.20.0.0/16 or fd00::/8',
    );
  }
}

function isRange(text: string): boolean {
  const [address = '', bits = '0'] = text.split('/');
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

async function toDefinition(
  value: DataSourceSettings,
  path: Path,
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<DataSourceDefinition | undefined> {
  const { name, type } = value;
  switch (type) {
    case 'NONE':
      return { name, type };
    case 'AMAZON_DYNAMODB':
      return { name, type, dynamodbConfig: value.dynamodbConfig! };
    case 'AWS_LAMBDA': {
      const at = [...path, 'lambdaConfig'];
      const written = value.lambdaConfig!;
      const { lambdaFunctionArn, handler, url } = written;
      if (!hasOne({ lambdaFunctionArn, handler, url }, at, settings, faults)) return undefined;
      const what = `handler of the data source "${name}"`;
      const place = { path: at, key: 'handler', what, of: { handler: '"handler"', url: '"url"' } };
      const lambdaConfig = await readLambdaTarget(written, place, settings, folder, faults);
      return lambdaConfig && { name, type, lambdaConfig };
    }
    case 'HTTP':
      return { name, type, httpConfig: value.httpConfig! };
    case 'RELATIONAL_DATABASE': {
      const { rdsHttpEndpointConfig, connectionString } = value.relationalDatabaseConfig!;
      const at = [...path, 'relationalDatabaseConfig'];
      if (!hasOne({ rdsHttpEndpointConfig, connectionString }, at, settings, faults)) return undefined;
      const config = rdsHttpEndpointConfig ? { rdsHttpEndpointConfig } : { connectionString: connectionString! };
      return { name, type, relationalDatabaseConfig: config };
    }
    case 'AMAZON_EVENTBRIDGE':
      return { name, type, eventBridgeConfig: value.eventBridgeConfig! };
    case 'AMAZON_OPENSEARCH_SERVICE':
      return { name, type, openSearchServiceConfig: value.openSearchServiceConfig! };
    case 'AMAZON_ELASTICSEARCH':
      return { name, type, openSearchServiceConfig: value.elasticsearchConfig! };
    case 'AMAZON_BEDROCK_RUNTIME':
      return { name, type, bedrockRuntimeConfig: value.bedrockRuntimeConfig! };
  }
}

/** A fault unless exactly one of these members has a value. */
function hasOne(members: object, path: Path, { file }: CheckedSettings, faults: FaultList): boolean {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  if (given.length === 1) return true;
  const names = listOf(Object.keys(members), 'or');
  const message =
    given.length === 0
      ? `"${String(path.at(-1))}" names nothing`
      : `"${String(path.at(-1))}" has ${listOf(
          given.map(([name]) => name),
          'and',
        )}`;
  faults.add(file.positionOf(path), message, `Give it one of ${names}`);
  return false;
}
