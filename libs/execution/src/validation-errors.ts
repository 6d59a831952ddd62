import { GraphQLError, Kind, validate, visit } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import type { ExecutableApi } from './executable-api.js';
import { toAppSyncLocations } from './format-errors.js';
import type { AppSyncLocation } from './format-errors.js';
import { namedRules, noIntrospection, validationTypeOf } from './validation-rules.js';

/** An error found before execution: no `errorType` (AppSync reference, section 9). */
export interface AppSyncValidationError {
  readonly path: null;
  readonly locations: readonly AppSyncLocation[] | null;
  readonly message: string;
}

/**
 * Validates a document against the schema of an API. Answers AppSync's errors, at most 100 and one that says so; an empty list when the
 * document is valid.
 */
export function validateDocument(
  { schema, definition }: ExecutableApi,
  document: DocumentNode,
): readonly AppSyncValidationError[] {
  const rules = definition.isIntrospectionEnabled ? namedRules : [...namedRules, noIntrospection];
  const errors = findErrors(schema, document, rules);
  const paths = errors.length > 0 ? fieldPaths(document, new Set(errors.map(firstNode))) : new Map<ASTNode, string>();
  return errors.map((error) => ({
    path: null,
    locations: toAppSyncLocations(error.locations),
    message: validationText(error, paths.get(firstNode(error)!)),
  }));
}

function firstNode({ nodes }: GraphQLError): ASTNode | undefined {
  return nodes?.[0];
}

function findErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
): readonly GraphQLError[] {
  try {
    // graphql-java has no "Did you mean", and a schema that may not be introspected must not be guessed.
    return validate(schema, document, rules, { hideSuggestions: true });
  } catch (error) {
    // The rule that compares fields descends by calls; what the parser took may be too deep for it.
    if (error instanceof RangeError) return [new GraphQLError('The document is nested too deeply.')];
    throw error;
  }
}

function validationText(error: GraphQLError, at: string | undefined): string {
  const type = validationTypeOf(error);
  if (type === undefined) return error.message;
  return `Validation error of type ${type}: ${detailOf(error.message)}${at ? ` @ '${at}'` : ''}`;
}

/** graphql-js's sentences and graphql-java's words for the same, where those are known from AppSync's answers. */
const details: readonly (readonly [RegExp, string])[] = [
  [/^Cannot query field "(\w+)" on type "(\w+)".*$/s, "Field '$1' in type '$2' is undefined"],
  [/^Unknown argument "(\w+)".*$/s, 'Unknown field argument $1'],
  [/^Field "\w+" argument "(\w+)" of type .*$/s, 'Missing field argument $1'],
  [/^Directive "@\w+" argument "(\w+)" of type .*$/s, 'Missing directive argument $1'],
  [/^Field "(\w+)" of type "([^"]+)" must have a selection.*$/s, 'Sub selection required for type $2 of field $1'],
  [
    /^Field "(\w+)" must not have a selection since type "([^"]+)".*$/s,
    'Sub selection not allowed on leaf type $2 of field $1',
  ],
  [/^Variable "\$(\w+)" is not defined.*$/s, 'Undefined variable $1'],
  [/^Variable "\$(\w+)" is never used.*$/s, 'Unused variable $1'],
  [/^Unknown type "(\w+)".*$/s, 'Unknown type $1'],
  [/^Unknown fragment "(\w+)".*$/s, 'Undefined fragment $1'],
];

function detailOf(message: string): string {
  for (const [sentence, words] of details) if (sentence.test(message)) return message.replace(sentence, words);
  return message.replace(/\.$/, '').replaceAll('"', "'");
}

/**
 * The names of the fields from the operation's root down to each node, joined with slashes, as graphql-java shows where an error is.
 * In one walk, because a hostile document has a hundred errors.
 */
function fieldPaths(document: DocumentNode, targets: ReadonlySet<ASTNode | undefined>): ReadonlyMap<ASTNode, string> {
  const names: string[] = [];
  const paths = new Map<ASTNode, string>();
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD) names.push(node.name.value);
      if (targets.has(node)) paths.set(node, names.join('/'));
    },
    leave(node) {
      if (node.kind === Kind.FIELD) names.pop();
    },
  });
  return paths;
}

const notProvided =
  /^Variable "\$(\w+)" of (?:required|non-null) type "([^"]+)!" (?:was not provided|must not be null)/;
const gotInvalid = /^Variable "\$(\w+)" got invalid value /;

/** Words an error of coercing variables as AppSync does (AppSync reference, sections 5.1 and 9). */
export function formatVariableError(error: GraphQLError): AppSyncValidationError {
  return { path: null, locations: toAppSyncLocations(error.locations), message: variableText(error) };
}

function variableText({ message, originalError }: GraphQLError): string {
  const [, missing, type] = notProvided.exec(message) ?? [];
  if (missing && type) return `Variable '${missing}' has coerced Null value for NonNull type '${type}!'`;
  const [, name] = gotInvalid.exec(message) ?? [];
  // The message repeats the value, whatever is in it; the error inside is only the reason.
  return name && originalError
    ? `Variable '${name}' has an invalid value. ${originalError.message.replaceAll('"', "'")}`
    : message;
}
