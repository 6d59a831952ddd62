import {
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
} from 'graphql';
import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLResolveInfo,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { FieldError } from '#libs/protocol';

/** Paths and characters of one list: fragments that spread each other twice would make it exponentially long. */
const maxPaths = 10_000;
const maxCharacters = 1024 * 1024;

/** By field; the list of a field depends on the type that the field has where it was selected. */
const lists = new WeakMap<FieldNode, { readonly type: GraphQLCompositeType; readonly paths: readonly string[] }>();
const texts = new WeakMap<FieldNode, string>();

/**
 * The fields that are selected below a field, as paths joined by `/`, with aliases instead of names (AppSync reference,
 * section 7.2). Fragments count where they apply to the field's own type: of an interface only its own fields are listed.
 * What `@skip` and `@include` leave out is not. Empty for a field without a selection. The list is the caller's own.
 *
 * @throws FieldError for more than 10,000 paths
 */
export function selectionSetList(info: GraphQLResolveInfo): string[] {
  const type = getNamedType(info.returnType);
  if (!isCompositeType(type)) return [];
  const [node] = info.fieldNodes;
  const known = info.fieldNodes.length === 1 ? lists.get(node!) : undefined;
  if (known?.type === type) return [...known.paths];
  const walk = new Walk(info);
  walk.visitAll(selectionSetsOf(info.fieldNodes), type, '');
  const paths = [...walk.paths];
  // Documents are kept and come again, with other variables.
  if (info.fieldNodes.length === 1 && !walk.dependsOnVariables) lists.set(node!, { type, paths });
  return [...paths];
}

/** The selection below a field, as text: fragments stay as they were written. Empty for a field without one. */
export function selectionSetGraphQL({ fieldNodes }: GraphQLResolveInfo): string {
  const [node] = fieldNodes;
  const known = fieldNodes.length === 1 ? texts.get(node!) : undefined;
  if (known !== undefined) return known;
  const selections = selectionSetsOf(fieldNodes).flatMap((one) => one.selections);
  const text = selections.length === 0 ? '' : print({ kind: Kind.SELECTION_SET, selections });
  if (fieldNodes.length === 1) texts.set(node!, text);
  return text;
}

function selectionSetsOf(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

class Walk {
  readonly paths = new Set<string>();
  dependsOnVariables = false;
  private characters = 0;

  constructor(private readonly info: GraphQLResolveInfo) {}

  visitAll(selectionSets: readonly SelectionSetNode[], type: GraphQLCompositeType, prefix: string): void {
    // A second spread below the same field adds nothing.
    const spread = new Set<string>();
    for (const { selections } of selectionSets) this.visit(selections, type, prefix, spread);
  }

  private visit(
    selections: readonly SelectionNode[],
    type: GraphQLCompositeType,
    prefix: string,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        this.visitField(selection, type, prefix);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.info.fragments[selection.name.value];
      if (fragment && holdsFor(this.info.schema, fragment.typeCondition?.name.value, type)) {
        this.visit(fragment.selectionSet.selections, type, prefix, spread);
      }
    }
  }

  private visitField(node: FieldNode, type: GraphQLCompositeType, prefix: string): void {
    const path = prefix + (node.alias?.value ?? node.name.value);
    this.paths.add(path);
    this.characters += path.length;
    if (this.paths.size > maxPaths || this.characters > maxCharacters) {
      const { parentType, fieldName } = this.info;
      throw new FieldError(`The selection set of ${parentType.name}.${fieldName} is too large.`, 'MappingTemplate');
    }
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    const field = Object.hasOwn(fields, node.name.value) ? fields[node.name.value] : undefined;
    const fieldType = field && getNamedType(field.type);
    if (node.selectionSet && isCompositeType(fieldType)) this.visitAll([node.selectionSet], fieldType, `${path}/`);
  }

  private isIncluded(node: SelectionNode): boolean {
    if (!node.directives?.length) return true;
    const skip = getDirectiveValues(GraphQLSkipDirective, node, this.info.variableValues);
    const include = getDirectiveValues(GraphQLIncludeDirective, node, this.info.variableValues);
    if (skip || include) this.dependsOnVariables = true;
    return skip?.['if'] !== true && include?.['if'] !== false;
  }
}

/** True where a fragment on a type applies to everything of the current type. */
function holdsFor(schema: GraphQLSchema, typeCondition: string | undefined, type: GraphQLCompositeType): boolean {
  if (typeCondition === undefined || typeCondition === type.name) return true;
  const condition = schema.getType(typeCondition);
  if (isObjectType(type) || isInterfaceType(type))
    return isAbstractType(condition) && schema.isSubType(condition, type);
  return false;
}
