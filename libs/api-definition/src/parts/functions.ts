import type { DefinitionFolder } from '../definition-folder.js';
import type { FunctionDefinition } from '../definition.js';
import type { FaultList } from '../fault.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { FunctionSettings } from '../yaml/settings.js';
import { readHandlers } from './read-handlers.js';
import type { CodeCompiler } from './read-handlers.js';
import { checkDataSourceName, isLambda } from './written-names.js';
import type { WrittenNames } from './written-names.js';

/** Reads the functions that pipelines are made of, by name. A second one of the same name is a fault. */
export async function readFunctions(
  settings: CheckedSettings,
  written: WrittenNames,
  folder: DefinitionFolder,
  compileCode: CodeCompiler,
  faults: FaultList,
): Promise<ReadonlyMap<string, FunctionDefinition>> {
  const { file } = settings;
  const seen = new Set<string>();
  const read = await Promise.all(
    settings.readList<FunctionSettings>(['functions']).map(async ({ value, path }) => {
      const { name, dataSourceName, maxBatchSize = 0 } = value;
      if (seen.has(name)) {
        faults.add(file.positionOf([...path, 'name']), `There is another function "${name}"`, 'Give each its own name');
      }
      seen.add(name);
      checkDataSourceName(dataSourceName, [...path, 'dataSourceName'], written, settings, faults);
      const handlers = await readHandlers(value, {
        file,
        folder,
        faults,
        compileCode,
        path,
        what: `the function ${name}`,
        base: `functions/${name}`,
        mayBeAbsent: isLambda(dataSourceName, written),
      });
      return handlers && { name, dataSourceName, handlers, maxBatchSize };
    }),
  );
  return new Map(read.filter((one) => one !== undefined).map((one) => [one.name, one]));
}
