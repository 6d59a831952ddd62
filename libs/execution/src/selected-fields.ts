import { getDirectiveValues, GraphQLIncludeDirective, GraphQLSkipDirective, isAbstractType, Kind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLObjectType,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { createDictionary } from '#libs/protocol';

/** What a selection is read with. */
export interface SelectionSource {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /**
   * Coerced variables, which `@skip` and `@include` are decided with. Left out where an executed result is read: what they
   * left out has no value there, so nobody needs to ask.
   */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Fields by response key: several nodes where the same key is selected more than once. */
export type SelectedFields = ReadonlyMap<string, readonly FieldNode[]>;

/** What a selection set selects on an object type where no variables decide it: always the same, so it is found out once. */
const withoutVariables = new WeakMap<SelectionSetNode, Map<GraphQLObjectType, SelectedFields>>();

/** The fields selected on an object type, in order, merged by response key. */
export function selectedFields(
  source: SelectionSource,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): SelectedFields {
  const [only] = selectionSets;
  if (source.variables || selectionSets.length !== 1 || !only) return collectFields(source, type, selectionSets);
  let byType = withoutVariables.get(only);
  if (!byType) withoutVariables.set(only, (byType = new Map<GraphQLObjectType, SelectedFields>()));
  let fields = byType.get(type);
  if (!fields) byType.set(type, (fields = collectFields(source, type, selectionSets)));
  return fields;
}

function collectFields(
  source: SelectionSource,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): SelectedFields {
  const fields = new Map<string, FieldNode[]>();
  // A fragment adds nothing the second time; following it again would cost 2^n for n fragments that each spread the next twice.
  const visited = new Set<string>();
  const visit = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (source.variables && !isIncluded(selection, source.variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments[selection.name.value];
      if (fragment && appliesTo(source.schema, fragment.typeCondition?.name.value, type)) visit(fragment.selectionSet);
    }
  };
  for (const selectionSet of selectionSets) visit(selectionSet);
  return fields;
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

/** True when a fragment with this type condition applies to values of the object type. */
function appliesTo(schema: GraphQLSchema, typeCondition: string | undefined, objectType: GraphQLObjectType): boolean {
  if (typeCondition === undefined || typeCondition === objectType.name) return true;
  const type = schema.getType(typeCondition) as GraphQLCompositeType | undefined;
  return isAbstractType(type) && schema.isSubType(type, objectType);
}

/** The selections below fields that are merged under one response key. */
export function selectionSetsOf(fieldNodes: readonly FieldNode[]): SelectionSetNode[] {
  return fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = createDictionary<FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
