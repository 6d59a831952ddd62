import {
  ExecutableDefinitionsRule,
  FieldsOnCorrectTypeRule,
  FragmentsOnCompositeTypesRule,
  GraphQLError,
  isIntrospectionType,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownFragmentNamesRule,
  KnownTypeNamesRule,
  LoneAnonymousOperationRule,
  MaxIntrospectionDepthRule,
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
  ValuesOfCorrectTypeRule,
  VariablesAreInputTypesRule,
  VariablesInAllowedPositionRule,
} from 'graphql';
import type { ValidationContext, ValidationRule } from 'graphql';

type NameOfFault = string | ((message: string) => string);

const either =
  (sign: string, name: string, otherwise: string): NameOfFault =>
  (message) =>
    message.includes(sign) ? name : otherwise;

/**
 * graphql-js's rules under the names that graphql-java, in AppSync's version of it, gives the same faults. Where that has two
 * names for what one rule finds, the message tells them apart.
 */
const rules: readonly (readonly [ValidationRule, NameOfFault])[] = [
  [ExecutableDefinitionsRule, 'NonExecutableDefinition'],
  [UniqueOperationNamesRule, 'DuplicateOperationName'],
  [LoneAnonymousOperationRule, 'LoneAnonymousOperationViolation'],
  [SingleFieldSubscriptionsRule, 'SubscriptionMultipleRootFields'],
  [KnownTypeNamesRule, 'UnknownType'],
  [
    FragmentsOnCompositeTypesRule,
    either('Fragment cannot', 'InlineFragmentTypeConditionInvalid', 'FragmentTypeConditionInvalid'),
  ],
  [VariablesAreInputTypesRule, 'NonInputTypeOnVariable'],
  [ScalarLeafsRule, either('must not have', 'SubSelectionNotAllowed', 'SubSelectionRequired')],
  [FieldsOnCorrectTypeRule, 'FieldUndefined'],
  [UniqueFragmentNamesRule, 'DuplicateFragmentName'],
  [KnownFragmentNamesRule, 'UndefinedFragment'],
  [NoUnusedFragmentsRule, 'UnusedFragment'],
  [PossibleFragmentSpreadsRule, 'InvalidFragmentType'],
  [NoFragmentCyclesRule, 'FragmentCycle'],
  [UniqueVariableNamesRule, 'DuplicateVariableName'],
  [NoUndefinedVariablesRule, 'UndefinedVariable'],
  [NoUnusedVariablesRule, 'UnusedVariable'],
  [KnownDirectivesRule, either('may not be used on', 'MisplacedDirective', 'UnknownDirective')],
  [UniqueDirectivesPerLocationRule, 'DuplicateDirectiveName'],
  [KnownArgumentNamesRule, 'UnknownArgument'],
  [UniqueArgumentNamesRule, 'DuplicateArgumentNames'],
  [ValuesOfCorrectTypeRule, 'WrongType'],
  [ProvidedRequiredArgumentsRule, either('Directive "@', 'MissingDirectiveArgument', 'MissingFieldArgument')],
  [VariablesInAllowedPositionRule, 'VariableTypeMismatch'],
  [OverlappingFieldsCanBeMergedRule, 'FieldsConflict'],
  [UniqueInputFieldNamesRule, 'UniqueObjectFieldName'],
  [MaxIntrospectionDepthRule, 'BadFaithIntrospection'],
];

/** Extension of a validation error that holds graphql-java's name for it. */
const typeKey = 'appSyncValidationType';

/** The rules of the GraphQL specification; their errors answer {@link validationTypeOf}. */
export const namedRules: readonly ValidationRule[] = rules.map(([rule, name]) => (context) => {
  const reporting = Object.create(context) as ValidationContext;
  reporting.reportError = ({ message, nodes }) => {
    const type = typeof name === 'string' ? name : name(message);
    context.reportError(new GraphQLError(message, { nodes, extensions: { [typeKey]: type } }));
  };
  return rule(reporting);
});

/**
 * Where introspection is switched off: `__schema` and `__type` are there, and the types they have are without fields, as
 * graphql-java's visibility does it. `__typename` stays.
 */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const parent = context.getParentType();
    const name = node.name.value;
    if (!parent || !isIntrospectionType(parent) || name === '__typename') return undefined;
    const message = `Cannot query field "${name}" on type "${parent.name}".`;
    context.reportError(new GraphQLError(message, { nodes: node, extensions: { [typeKey]: 'FieldUndefined' } }));
    return false;
  },
});

/** graphql-java's name of a validation error; undefined for one of the validator itself, which stops after too many. */
export function validationTypeOf(error: GraphQLError): string | undefined {
  const type = error.extensions[typeKey];
  return typeof type === 'string' ? type : undefined;
}
