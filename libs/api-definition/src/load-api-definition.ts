import { createJsCompiler } from '#libs/resolver-runtime';
import type { ApiDefinition } from './definition.js';
import { DefinitionFolder } from './definition-folder.js';
import { DefinitionError, FaultList } from './fault.js';
import { readAuthentication } from './parts/authentication/read-authentication.js';
import { readDataSources } from './parts/data-sources.js';
import { readFunctions } from './parts/functions.js';
import { readLimits } from './parts/limits.js';
import { readLocalSettings } from './parts/local-settings.js';
import { readResolvers } from './parts/resolvers.js';
import { readTrySteps } from './parts/try-steps.js';
import { readWrittenNames } from './parts/written-names.js';
import { deepFreeze, readOnlyMap } from './read-only.js';
import { readPolicies } from './sdl/read-policies.js';
import { readSchema } from './sdl/read-schema.js';
import { readSubscriptions, warnOfDeadArguments } from './sdl/read-subscriptions.js';
import { checkSettings } from './yaml/check-settings.js';
import type { CheckedSettings } from './yaml/check-settings.js';
import type { Variables } from './yaml/substitute-variables.js';
import { parseYamlFile } from './yaml/yaml-file.js';

export interface LoadOptions {
  /**
   * True for a process that makes nothing of `local`: variables that are asked for there alone need no value then. Default false.
   */
  readonly ignoresLocal?: boolean;
  /** Values for `${NAME}` in the texts of `starling.yaml`. One that is asked for and neither set nor given a default is a fault. */
  readonly variables: Variables;
  /** Gives a value for a variable that has neither, which then is no fault: to check a definition away from where it will run. */
  readonly standIn?: (name: string) => string;
}

/** The file that makes a folder an API. */
const settingsFile = 'starling.yaml';
/** AppSync's limit of a schema, in bytes; the settings have the same. */
const maxFileBytes = 1024 * 1024;

/**
 * Reads `<dir>/starling.yaml`, its SDL, templates and code. One pass collects every fault; any at all, and it throws a `DefinitionError`
 * that lists them. Files outside of `dir` are never read. An error of the file system itself is thrown as it is.
 */
export async function loadApiDefinition(dir: string, options: LoadOptions): Promise<ApiDefinition> {
  const faults = new FaultList();
  const warnings = new FaultList();
  const folder = new DefinitionFolder(dir, faults);
  const settings = await readSettings(folder, options, faults);
  const parts = settings && (await readParts(settings, folder, faults, warnings));
  if (!parts || !faults.isEmpty) throw new DefinitionError(dir, faults.sorted());
  return Object.freeze({ ...parts, warnings: warnings.sorted() });
}

async function readSettings(
  folder: DefinitionFolder,
  options: LoadOptions,
  faults: FaultList,
): Promise<CheckedSettings | undefined> {
  const askedAt = { file: settingsFile, line: 1, column: 1 };
  const text = await folder.read(settingsFile, { askedAt, what: 'description of the API', maxBytes: maxFileBytes });
  const file = text && parseYamlFile(text, options, faults);
  if (!file) return undefined;
  const settings = checkSettings(file, faults);
  return typeof file.data === 'object' && file.data !== null && !Array.isArray(file.data) ? settings : undefined;
}

/** Reads all there is, past any fault. Undefined, or with holes, only if there are faults. */
async function readParts(
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
  warnings: FaultList,
): Promise<Omit<ApiDefinition, 'warnings'> | undefined> {
  const sdl = await readSdl(settings, folder);
  const schema = sdl && readSchema(sdl, faults);
  const authentication = await readAuthentication(settings, folder, faults, warnings);
  const dataSources = await readDataSources(settings, folder, faults);
  const limits = readLimits(settings);
  const written = readWrittenNames(settings);
  const compileCode = createJsCompiler();
  const functions = await readFunctions(settings, written, folder, compileCode, faults);
  const { maxFunctionsPerPipeline } = limits;
  const surroundings = { schema, written, functions, maxFunctionsPerPipeline, folder, compileCode };
  const resolvers = await readResolvers(settings, surroundings, faults);
  const local = { ...readLocalSettings(settings, faults), try: await readTrySteps(settings, schema, folder, faults) };
  if (!schema) return undefined;

  const triggers = readSubscriptions(schema, sdl.name, faults, warnings);
  const resolverMap = readOnlyMap(resolvers.map((one) => [`${one.typeName}.${one.fieldName}`, deepFreeze(one)]));
  warnOfDeadArguments(schema, (type, field) => resolverMap.has(`${type}.${field}`), sdl.name, warnings);
  const name = settings.read('name');
  if (!authentication || name === undefined) return undefined;
  return {
    name,
    schema,
    sdl: sdl.text,
    authentication: deepFreeze(authentication),
    dataSources: readOnlyMap(dataSources.map((one) => [one.name, deepFreeze(one)])),
    functions: readOnlyMap([...functions].map(([key, one]) => [key, deepFreeze(one)])),
    resolvers: resolverMap,
    subscriptions: readOnlyMap(deepFreeze([...triggers.subscriptions])),
    publications: readOnlyMap(deepFreeze([...triggers.publications])),
    environmentVariables: deepFreeze({ ...settings.read('environmentVariables') }),
    limits: deepFreeze(limits),
    isIntrospectionEnabled: settings.read('introspectionConfig') !== 'DISABLED',
    local: deepFreeze(local),
    policy: readPolicies(schema, sdl.name, authentication, faults, warnings),
  };
}

async function readSdl(settings: CheckedSettings, folder: DefinitionFolder) {
  const { file } = settings;
  const isNamed = Object.hasOwn(file.data as object, 'schema');
  const name = isNamed ? settings.read('schema') : 'schema.graphql';
  if (name === undefined || file.isOpen(['schema'])) return undefined;
  return folder.read(name, { askedAt: file.positionOf(['schema']), what: 'schema', maxBytes: maxFileBytes });
}
