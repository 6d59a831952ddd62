import {
  BREAK,
  ExecutableDefinitionsRule,
  FieldsOnCorrectTypeRule,
  FragmentsOnCompositeTypesRule,
  GraphQLError,
  Kind,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownFragmentNamesRule,
  KnownTypeNamesRule,
  LoneAnonymousOperationRule,
  NoFragmentCyclesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  OverlappingFieldsCanBeMergedRule,
  PossibleFragmentSpreadsRule,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  SingleFieldSubscriptionsRule,
  UniqueArgumentNamesRule,
  UniqueDirectivesPerLocationRule,
  UniqueFragmentNamesRule,
  UniqueInputFieldNamesRule,
  UniqueOperationNamesRule,
  UniqueVariableNamesRule,
  validate,
  ValuesOfCorrectTypeRule,
  VariablesAreInputTypesRule,
  VariablesInAllowedPositionRule,
  visit,
} from 'graphql';
import type { ASTNode, DocumentNode, GraphQLSchema, ValidationContext, ValidationRule } from 'graphql';
import { toAppSyncLocations } from './format-errors.js';
import type { AppSyncLocation } from './format-errors.js';

/** An error found before execution: no `errorType` (AppSync reference, section 9). */
export interface AppSyncValidationError {
  readonly path: null;
  readonly locations: readonly AppSyncLocation[] | null;
  readonly message: string;
}

/** graphql-js's rules under the names that graphql-java, and so AppSync, gives the same faults. */
const rules: readonly (readonly [ValidationRule, string])[] = [
  [ExecutableDefinitionsRule, 'NonExecutableDefinition'],
  [UniqueOperationNamesRule, 'DuplicateOperationName'],
  [LoneAnonymousOperationRule, 'LoneAnonymousOperationViolation'],
  [SingleFieldSubscriptionsRule, 'SubscriptionMultipleRootFields'],
  [KnownTypeNamesRule, 'UnknownType'],
  [FragmentsOnCompositeTypesRule, 'FragmentTypeConditionInvalid'],
  [VariablesAreInputTypesRule, 'NonInputTypeOnVariable'],
  [ScalarLeafsRule, 'SubSelectionRequired'],
  [FieldsOnCorrectTypeRule, 'FieldUndefined'],
  [UniqueFragmentNamesRule, 'DuplicateFragmentName'],
  [KnownFragmentNamesRule, 'UndefinedFragment'],
  [NoUnusedFragmentsRule, 'UnusedFragment'],
  [PossibleFragmentSpreadsRule, 'InvalidFragmentType'],
  [NoFragmentCyclesRule, 'FragmentCycle'],
  [UniqueVariableNamesRule, 'DuplicateVariableName'],
  [NoUndefinedVariablesRule, 'UndefinedVariable'],
  [NoUnusedVariablesRule, 'UnusedVariable'],
  [KnownDirectivesRule, 'UnknownDirective'],
  [UniqueDirectivesPerLocationRule, 'DuplicateDirectiveName'],
  [KnownArgumentNamesRule, 'UnknownArgument'],
  [UniqueArgumentNamesRule, 'DuplicateArgumentNames'],
  [ValuesOfCorrectTypeRule, 'WrongType'],
  [ProvidedRequiredArgumentsRule, 'MissingFieldArgument'],
  [VariablesInAllowedPositionRule, 'VariableTypeMismatch'],
  [OverlappingFieldsCanBeMergedRule, 'FieldsConflict'],
  [UniqueInputFieldNamesRule, 'DuplicateInputFieldName'],
];

/** Extension of a validation error that holds graphql-java's name for it. */
const typeKey = 'appSyncValidationType';

const namedRules = rules.map(([rule, type]): ValidationRule => (context) => {
  const reporting = Object.create(context) as ValidationContext;
  reporting.reportError = ({ message, nodes }) => {
    context.reportError(new GraphQLError(message, { nodes, extensions: { [typeKey]: type } }));
  };
  return rule(reporting);
});

/**
 * Validates a document against the schema. Answers AppSync's errors, at most 100; an empty list when the document is valid.
 */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): readonly AppSyncValidationError[] {
  return validate(schema, document, namedRules).map((error) => ({
    path: null,
    locations: toAppSyncLocations(error.locations),
    message: validationText(document, error),
  }));
}

function validationText(document: DocumentNode, error: GraphQLError): string {
  const type = error.extensions[typeKey];
  // The validator itself speaks when it stops after too many errors.
  if (typeof type !== 'string') return error.message;
  const at = error.nodes?.[0] ? fieldPathTo(document, error.nodes[0]) : '';
  return `Validation error of type ${type}: ${detailOf(error.message)}${at && ` @ '${at}'`}`;
}

/** graphql-js's sentences and graphql-java's words for the same, where those are known from AppSync's answers. */
const details: readonly (readonly [RegExp, string])[] = [
  [/^Cannot query field "(\w+)" on type "(\w+)".*$/s, "Field '$1' in type '$2' is undefined"],
  [/^Unknown argument "(\w+)".*$/s, 'Unknown field argument $1'],
  [/^(?:Field|Directive) "@?\w+" argument "(\w+)" of type .*$/s, "Missing field argument '$1'"],
  [/^Field "(\w+)" of type "([^"]+)" must have a selection.*$/s, 'Sub selection required for type $2 of field $1'],
  [
    /^Field "(\w+)" must not have a selection since type "([^"]+)".*$/s,
    'Sub selection not allowed on leaf type $2 of field $1',
  ],
  [/^Variable "\$(\w+)" is not defined.*$/s, "Undefined variable '$1'"],
  [/^Variable "\$(\w+)" is never used.*$/s, "Unused variable '$1'"],
  [/^Unknown type "(\w+)".*$/s, "Unknown type '$1'"],
  [/^Unknown fragment "(\w+)".*$/s, "Undefined fragment '$1'"],
];

function detailOf(message: string): string {
  for (const [sentence, words] of details) if (sentence.test(message)) return message.replace(sentence, words);
  return message.replace(/\.$/, '').replaceAll('"', "'");
}

/** The names of the fields from the operation's root down to a node, joined with slashes, as graphql-java shows where an error is. */
function fieldPathTo(document: DocumentNode, target: ASTNode): string {
  const names: string[] = [];
  let found: string | undefined;
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD) names.push(node.name.value);
      if (node === target) {
        found = names.join('/');
        return BREAK;
      }
      return undefined;
    },
    leave(node) {
      if (node.kind === Kind.FIELD) names.pop();
    },
  });
  return found ?? '';
}

const gotInvalid = /^Variable "\$(\w+)" got invalid value (?:.*?)(?: at "[^"]*")?; (.*)$/s;
const notProvided =
  /^Variable "\$(\w+)" of (?:required|non-null) type "([^"]+)!" (?:was not provided|must not be null)/;

/** Words an error of coercing variables as AppSync does (AppSync reference, sections 5.1 and 9). */
export function formatVariableError(error: GraphQLError): AppSyncValidationError {
  return { path: null, locations: toAppSyncLocations(error.locations), message: variableText(error.message) };
}

function variableText(message: string): string {
  const [, missing, type] = notProvided.exec(message) ?? [];
  if (missing && type) return `Variable '${missing}' has coerced Null value for NonNull type '${type}!'`;
  const [, name, reason] = gotInvalid.exec(message) ?? [];
  return name && reason ? `Variable '${name}' has an invalid value. ${reason.replaceAll('"', "'")}` : message;
}
