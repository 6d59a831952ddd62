import type { FaultList } from '../fault.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { DataSourceSettings } from '../yaml/settings.js';

/** What resolvers talk to. */
export type DataSourceDefinition = NoneDataSource | DynamoDbDataSource;

/** Answers with the payload of the request. */
export interface NoneDataSource {
  readonly name: string;
  readonly type: 'NONE';
}

export interface DynamoDbDataSource {
  readonly name: string;
  readonly type: 'AMAZON_DYNAMODB';
  readonly dynamodbConfig: { readonly tableName: string; readonly awsRegion: string };
}

/** Reads the data sources. A second one of the same name, or a table on a `NONE` data source, is a fault. */
export function readDataSources(settings: CheckedSettings, faults: FaultList): readonly DataSourceDefinition[] {
  const found = new Map<string, DataSourceDefinition>();
  for (const { value, path } of settings.readList<DataSourceSettings>(['dataSources'])) {
    if (found.has(value.name)) {
      const message = `There is another data source with the name "${value.name}"`;
      faults.add(settings.file.positionOf([...path, 'name']), message, 'Give each its own');
    }
    if (value.type === 'NONE' && value.dynamodbConfig) {
      const message = `The data source "${value.name}" is of type NONE and has a "dynamodbConfig"`;
      faults.add(
        settings.file.positionOfKey([...path, 'dynamodbConfig']),
        message,
        'Make it AMAZON_DYNAMODB, or remove the config',
      );
    }
    found.set(value.name, toDefinition(value));
  }
  return [...found.values()];
}

function toDefinition({ name, type, dynamodbConfig }: DataSourceSettings): DataSourceDefinition {
  // The JSON Schema holds that AMAZON_DYNAMODB comes with its config.
  return dynamodbConfig && type === 'AMAZON_DYNAMODB' ? { name, type, dynamodbConfig } : { name, type: 'NONE' };
}

/** Names of all data sources as written, sound or not: a resolver of a faulty data source has no fault of its own. */
export function writtenDataSourceNames(settings: CheckedSettings): ReadonlySet<string> {
  const { dataSources } = (settings.file.data ?? {}) as { dataSources?: unknown };
  const names = (Array.isArray(dataSources) ? dataSources : []).map((one) => (one as { name?: unknown } | null)?.name);
  return new Set(names.filter((name) => typeof name === 'string'));
}
