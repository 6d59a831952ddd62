import { GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { DefinitionFolder } from '../definition-folder.js';
import type { FunctionDefinition, ResolverDefinition } from '../definition.js';
import type { FaultList } from '../fault.js';
import { suggest } from '../suggest.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { ResolverSettings } from '../yaml/settings.js';
import type { Path } from '../yaml/yaml-file.js';
import { readHandlers } from './read-handlers.js';
import type { CodeCompiler } from './read-handlers.js';
import { checkDataSourceName, isLambda } from './written-names.js';
import type { WrittenNames } from './written-names.js';

/** What resolvers are checked against and made of. */
export interface ResolverSurroundings {
  /** Undefined (it has faults of its own): fields are not looked up. */
  readonly schema: GraphQLSchema | undefined;
  readonly written: WrittenNames;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly maxFunctionsPerPipeline: number;
  readonly folder: DefinitionFolder;
  readonly compileCode: CodeCompiler;
}

/** Reads the resolvers and compiles their handlers. All is checked for every resolver, whatever else is wrong with it. */
export async function readResolvers(
  settings: CheckedSettings,
  surroundings: ResolverSurroundings,
  faults: FaultList,
): Promise<readonly ResolverDefinition[]> {
  const { file } = settings;
  const { schema, written, folder, compileCode } = surroundings;
  const seen = new Set<string>();
  const read = settings.readList<ResolverSettings>(['resolvers']).map(async ({ value, path }) => {
    const { typeName, fieldName } = value;
    const field = `${typeName}.${fieldName}`;
    if (seen.has(field)) {
      faults.add(file.positionOf(path), `There is another resolver for ${field}`, 'A field has one; remove the other');
    }
    seen.add(field);
    if (schema) checkField(value, path, schema, settings, faults);
    checkKind(value, path, settings, surroundings, faults);
    const handlers = await readHandlers(value, {
      file,
      folder,
      faults,
      compileCode,
      path,
      what: field,
      base: `resolvers/${field}`,
      mayBeAbsent: value.kind === 'PIPELINE' || isLambda(value.dataSourceName, written),
    });
    return handlers && toDefinition(value, handlers, surroundings);
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}

function toDefinition(
  { typeName, fieldName, kind, dataSourceName, pipelineConfig, maxBatchSize = 0 }: ResolverSettings,
  handlers: ResolverDefinition['handlers'],
  { functions }: ResolverSurroundings,
): ResolverDefinition | undefined {
  if (kind !== 'PIPELINE') {
    return dataSourceName === undefined
      ? undefined
      : { kind: 'UNIT', typeName, fieldName, dataSourceName, handlers, maxBatchSize };
  }
  const steps = (pipelineConfig?.functions ?? []).map((name) => functions.get(name));
  return { kind, typeName, fieldName, functions: steps.filter((step) => step !== undefined), handlers };
}

function checkKind(
  { kind, typeName, fieldName, dataSourceName, pipelineConfig, maxBatchSize }: ResolverSettings,
  path: Path,
  settings: CheckedSettings,
  { written, maxFunctionsPerPipeline }: ResolverSurroundings,
  faults: FaultList,
): void {
  const { file } = settings;
  const isPipeline = kind === 'PIPELINE';
  const superfluous = (member: string, hint: string) => {
    const message = `The resolver of ${typeName}.${fieldName} is of kind ${kind ?? 'UNIT'} and has a "${member}"`;
    faults.add(file.positionOfKey([...path, member]), message, hint);
  };
  if (pipelineConfig && !isPipeline) superfluous('pipelineConfig', 'Add kind: PIPELINE, or remove it');
  if (isPipeline && dataSourceName !== undefined) {
    superfluous('dataSourceName', 'Remove it: each function has its own');
  }
  if (isPipeline && maxBatchSize !== undefined) superfluous('maxBatchSize', 'Put it on the function');
  if (dataSourceName !== undefined && !isPipeline) {
    checkDataSourceName(dataSourceName, [...path, 'dataSourceName'], written, settings, faults);
  }

  const names = pipelineConfig?.functions ?? [];
  const at = [...path, 'pipelineConfig', 'functions'];
  for (const [index, name] of names.entries()) {
    if (written.functions.has(name) || file.isOpen([...at, index])) continue;
    const hint = suggest(name, written.functions, 'Add it to functions');
    faults.add(file.positionOf([...at, index]), `There is no function "${name}"`, hint);
  }
  if (names.length > maxFunctionsPerPipeline) {
    const message = `The resolver of ${typeName}.${fieldName} has ${names.length} functions`;
    faults.add(file.positionOf(at), message, `At most ${maxFunctionsPerPipeline} are allowed`);
  }
}

function checkField(
  value: ResolverSettings,
  path: Path,
  schema: GraphQLSchema,
  { file }: CheckedSettings,
  faults: FaultList,
) {
  const type = schema.getType(value.typeName);
  if (!(type instanceof GraphQLObjectType)) {
    const names = Object.values(schema.getTypeMap())
      .filter((one) => one instanceof GraphQLObjectType && !one.name.startsWith('__'))
      .map((one) => one.name);
    const message = type ? `"${value.typeName}" is not an object type` : `The schema has no type "${value.typeName}"`;
    faults.add(file.positionOf([...path, 'typeName']), message, suggest(value.typeName, names));
    return;
  }
  const fields = type.getFields();
  if (!Object.hasOwn(fields, value.fieldName)) {
    const message = `The type ${type.name} has no field "${value.fieldName}"`;
    faults.add(file.positionOf([...path, 'fieldName']), message, suggest(value.fieldName, Object.keys(fields)));
  }
}
