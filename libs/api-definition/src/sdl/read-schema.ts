import {
  extendSchema,
  GraphQLError,
  GraphQLSchema,
  Kind,
  parse,
  Source,
  specifiedScalarTypes,
  validate,
  validateSchema,
} from 'graphql';
import type { DefinitionNode, DocumentNode, ObjectTypeDefinitionNode, OperationTypeNode } from 'graphql';
import type { FaultList, Position } from '../fault.js';
import { awsScalars } from '../scalars/index.js';
import { nearest } from '../suggest.js';
import { builtInDirectives } from './aws-directives.js';
import { sdlRules } from './sdl-rules.js';

/**
 * Builds the schema of an AppSync SDL: AWS scalars and directives are known without being declared, and their declarations in
 * exported SDL are ignored. Undefined when it is no schema; the faults say why, each at its place.
 */
export function readSchema(
  file: { readonly name: string; readonly text: string },
  faults: FaultList,
): GraphQLSchema | undefined {
  const document = parseSdl(file, faults);
  if (!document) return undefined;
  const own = {
    ...document,
    definitions: withSchemaDefinition(document.definitions.filter((one) => !isRedeclaration(one))),
  };
  const isNamedWell = checkNames(own, file.name, faults);

  const sdlErrors = validate(base, own, sdlRules);
  for (const error of sdlErrors)
    faults.add(positionOfError(error, file.name), error.message, directiveHint(error.message));
  if (sdlErrors.length > 0 || !isNamedWell) return undefined;

  const schema = extendSchema(base, own, { assumeValidSDL: true });
  const schemaErrors = validateSchema(schema);
  for (const error of schemaErrors) faults.add(positionOfError(error, file.name), error.message);
  return schemaErrors.length > 0 ? undefined : schema;
}

const base = new GraphQLSchema({ types: awsScalars, directives: builtInDirectives, assumeValid: true });
const awsScalarNames = new Set(awsScalars.map(({ name }) => name));
const standardScalarNames = new Set(specifiedScalarTypes.map(({ name }) => name));
const directiveNames = new Set(builtInDirectives.map(({ name }) => name));

function parseSdl(file: { readonly name: string; readonly text: string }, faults: FaultList): DocumentNode | undefined {
  try {
    return parse(new Source(file.text, file.name));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    faults.add(positionOfError(error, file.name), error.message);
    return undefined;
  }
}

function isRedeclaration(definition: DefinitionNode): boolean {
  switch (definition.kind) {
    case Kind.DIRECTIVE_DEFINITION:
      return directiveNames.has(definition.name.value);
    case Kind.SCALAR_TYPE_DEFINITION:
      return awsScalarNames.has(definition.name.value) || standardScalarNames.has(definition.name.value);
    default:
      return false;
  }
}

/** AppSync's two rules about names: no scalars but its own, and the prefix AWS is its own. */
function checkNames({ definitions }: DocumentNode, file: string, faults: FaultList): boolean {
  let isNamedWell = true;
  for (const definition of definitions) {
    if (!('name' in definition) || !definition.name || definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const { name } = definition;
    const position = positionOfNode(name, file);
    if (definition.kind === Kind.SCALAR_TYPE_DEFINITION || definition.kind === Kind.SCALAR_TYPE_EXTENSION) {
      faults.add(
        position,
        `The scalar "${name.value}" is not one of AppSync's`,
        'Use String, AWSJSON or another AWS scalar',
      );
    } else if (name.value.startsWith('AWS')) {
      faults.add(
        position,
        `The type name "${name.value}" begins with AWS`,
        'That prefix is reserved; choose another name',
      );
    } else {
      continue;
    }
    isNamedWell = false;
  }
  return isNamedWell;
}

/** Extending the base schema does not find root types by their usual names, so a schema without `schema { }` gets one. */
function withSchemaDefinition(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  if (definitions.some((one) => one.kind === Kind.SCHEMA_DEFINITION)) return definitions;
  const roots = definitions.filter((one) => one.kind === Kind.OBJECT_TYPE_DEFINITION && rootNames.has(one.name.value));
  if (roots.length === 0) return definitions;
  const operationTypes = (roots as ObjectTypeDefinitionNode[])
    .filter(
      (one, index) =>
        roots.findIndex((other) => (other as ObjectTypeDefinitionNode).name.value === one.name.value) === index,
    )
    .map(({ name, loc }) => ({
      kind: Kind.OPERATION_TYPE_DEFINITION as const,
      operation: name.value.toLowerCase() as OperationTypeNode,
      type: { kind: Kind.NAMED_TYPE as const, name, loc },
      loc,
    }));
  return [...definitions, { kind: Kind.SCHEMA_DEFINITION, operationTypes }];
}

const rootNames: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** graphql-js suggests types and fields, and not directives. */
function directiveHint(message: string): string {
  const name = /^Unknown directive "@(\w+)"/.exec(message)?.[1];
  const candidate = name && nearest(name, directiveNames);
  return candidate ? `Did you mean "@${candidate}"?` : '';
}

function positionOfError({ locations }: GraphQLError, file: string): Position {
  return { file, line: locations?.[0]?.line ?? 1, column: locations?.[0]?.column ?? 1 };
}

/** Where a piece of the SDL begins; the top of the file for one that no text stands behind. */
export function positionOfNode(
  node: { readonly loc?: { readonly startToken: { line: number; column: number } } } | null | undefined,
  file: string,
): Position {
  return { file, line: node?.loc?.startToken.line ?? 1, column: node?.loc?.startToken.column ?? 1 };
}
