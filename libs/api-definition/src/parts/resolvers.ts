import { GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { compileVtlHandlers, TemplateSyntaxError } from '#libs/resolver-runtime';
import type { ResolverHandlers } from '#libs/resolver-runtime';
import type { DefinitionFolder } from '../definition-folder.js';
import type { ResolverDefinition } from '../definition.js';
import type { FaultList } from '../fault.js';
import { suggest } from '../suggest.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { ResolverSettings } from '../yaml/settings.js';
import type { Path } from '../yaml/yaml-file.js';
import { writtenDataSourceNames } from './data-sources.js';

/** AppSync's limit of one mapping template, in bytes. */
const maxTemplateBytes = 64 * 1024;

/**
 * Reads the resolvers and compiles their templates. All is checked for every resolver, whatever else is wrong with it. Without a schema
 * (it has faults of its own) the fields are not looked up.
 */
export async function readResolvers(
  settings: CheckedSettings,
  schema: GraphQLSchema | undefined,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<readonly ResolverDefinition[]> {
  const seen = new Set<string>();
  const dataSourceNames = writtenDataSourceNames(settings);
  const found: ResolverDefinition[] = [];
  for (const { value, path } of settings.readList<ResolverSettings>(['resolvers'])) {
    const field = `${value.typeName}.${value.fieldName}`;
    const { file } = settings;
    if (seen.has(field)) {
      faults.add(file.positionOf(path), `There is another resolver for ${field}`, 'A field has one; remove the other');
    }
    seen.add(field);
    if (!dataSourceNames.has(value.dataSourceName) && !file.isOpen([...path, 'dataSourceName'])) {
      const message = `There is no data source "${value.dataSourceName}"`;
      const hint = suggest(value.dataSourceName, dataSourceNames, 'Add it to dataSources');
      faults.add(file.positionOf([...path, 'dataSourceName']), message, hint);
    }
    if (schema) checkField(value, path, schema, settings, faults);

    const templates = await readTemplates(value, path, settings, folder);
    const handlers = templates && compileTemplates(templates, faults);
    if (!handlers) continue;
    const { typeName, fieldName, dataSourceName } = value;
    found.push({ typeName, fieldName, kind: 'UNIT', dataSourceName, templates, handlers });
  }
  return found;
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

type Templates = ResolverDefinition['templates'];

async function readTemplates(value: ResolverSettings, path: Path, { file }: CheckedSettings, folder: DefinitionFolder) {
  const field = `${value.typeName}.${value.fieldName}`;
  const read = async (part: 'request' | 'response') => {
    const member = `${part}MappingTemplate` as const;
    return folder.read(value[member] ?? `resolvers/${field}.${part}.vtl`, {
      askedAt: file.positionOf([...path, member]),
      what: `${part} template of ${field}`,
      maxBytes: maxTemplateBytes,
    });
  };
  const request = await read('request');
  const response = await read('response');
  return request && response && { request, response };
}

function compileTemplates(templates: Templates, faults: FaultList): ResolverHandlers | undefined {
  const first = tryCompile(templates);
  if ('handlers' in first) return first.handlers;
  report(first.error, faults);
  // Compiling stops at the first bad template: with the request out of the way, the response has its say as well.
  const second = tryCompile({ request: { name: templates.request.name, text: '' }, response: templates.response });
  if ('error' in second) report(second.error, faults);
  return undefined;
}

function tryCompile(templates: Templates): { handlers: ResolverHandlers } | { error: TemplateSyntaxError } {
  try {
    return { handlers: compileVtlHandlers(templates) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error };
    throw error;
  }
}

function report({ template, line, column, problem, hint }: TemplateSyntaxError, faults: FaultList): void {
  faults.add({ file: template, line, column }, problem, hint);
}
