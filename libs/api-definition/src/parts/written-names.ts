import { suggest } from '../suggest.js';
import type { FaultList } from '../fault.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { Path } from '../yaml/yaml-file.js';

/** Names that others may refer to, as written, sound or not: who refers to something faulty has no fault of its own. */
export interface WrittenNames {
  /** Data sources, each with its type. */
  readonly dataSources: ReadonlyMap<string, unknown>;
  readonly functions: ReadonlySet<string>;
}

export function readWrittenNames({ file }: CheckedSettings): WrittenNames {
  const data = file.data as { dataSources?: unknown; functions?: unknown };
  return {
    dataSources: new Map(namedOnes(data.dataSources).map(({ name, type }) => [name, type])),
    functions: new Set(namedOnes(data.functions).map(({ name }) => name)),
  };
}

function namedOnes(list: unknown): readonly { readonly name: string; readonly type?: unknown }[] {
  return (Array.isArray(list) ? list : []).filter(
    (one: { name?: unknown } | null): one is { name: string } => typeof one?.name === 'string',
  );
}

/** Reports a data source that is not there. */
export function checkDataSourceName(
  name: string,
  path: Path,
  { dataSources }: WrittenNames,
  { file }: CheckedSettings,
  faults: FaultList,
): void {
  if (dataSources.has(name) || file.isOpen(path)) return;
  const hint = suggest(name, dataSources.keys(), 'Add it to dataSources');
  faults.add(file.positionOf(path), `There is no data source "${name}"`, hint);
}

/** True for the name of a Lambda function, which needs no handlers. */
export function isLambda(name: string | undefined, { dataSources }: WrittenNames): boolean {
  return name !== undefined && dataSources.get(name) === 'AWS_LAMBDA';
}
