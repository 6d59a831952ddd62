import {
  getDirectiveValues,
  getNullableType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
} from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { appliesTo, nonNullMessage } from '#libs/execution';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/** What a subscriber selected, compiled: from an event's payload to the JSON text of `{data, errors?}`. */
export interface Projection {
  /** Cuts the payload to the selection. Never throws. */
  project(payload: JsonValue): string;
}

export interface ProjectionSource {
  readonly schema: GraphQLSchema;
  readonly subscriptionType: GraphQLObjectType;
  /** The operation's one root field; several nodes where fragments repeat it. */
  readonly fieldNodes: readonly FieldNode[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Coerced variables; only those of `@skip` and `@include` matter. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An error in a delivery, with the members that AppSync gives it (AppSync reference, section 4.2). */
interface DeliveryError {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

type Path = readonly (string | number)[];
/** Projects one value; `broken` when a null stands where the schema allows none and the error is already told. */
type Project = (value: JsonValue | undefined, path: Path, errors: DeliveryError[]) => JsonValue | typeof broken;

const broken = Symbol('a null where the schema allows none');

/**
 * Compiles a selection once. Subscribers' resolvers are never run for an event, so a delivery is a pure projection of the
 * payload: fields the mutation did not select are null, and a null in a non-null place is AppSync's error and nulls the
 * nearest nullable parent.
 */
export function compileProjection(source: ProjectionSource): Projection {
  const field = source.fieldNodes[0]!;
  const responseKey = field.alias?.value ?? field.name.value;
  const type = source.subscriptionType.getFields()[field.name.value]!.type;
  const projectRoot = compileField(source, type, source.fieldNodes, source.subscriptionType.name);
  return {
    project(payload) {
      const errors: DeliveryError[] = [];
      const value = projectRoot(payload, [responseKey], errors);
      const data = value === broken ? null : { [responseKey]: value };
      return JSON.stringify(errors.length > 0 ? { data, errors } : { data });
    },
  };
}

function compileField(
  source: ProjectionSource,
  type: GraphQLOutputType,
  fieldNodes: readonly FieldNode[],
  parentName: string,
): Project {
  const project = compileNullable(source, getNullableType(type) as GraphQLOutputType, fieldNodes, parentName);
  if (isNonNullType(type)) return requireValue(project, String(type.ofType), parentName);
  return (value, path, errors) => {
    const projected = project(value, path, errors);
    return projected === broken ? null : projected;
  };
}

function requireValue(project: Project, typeName: string, parentName: string): Project {
  return (value, path, errors) => {
    const projected = project(value, path, errors);
    if (projected === null) {
      errors.push({ message: nonNullMessage(typeName, parentName, path), path });
      return broken;
    }
    return projected;
  };
}

function compileNullable(
  source: ProjectionSource,
  type: GraphQLOutputType,
  fieldNodes: readonly FieldNode[],
  parentName: string,
): Project {
  if (isLeafType(type)) return (value) => value ?? null;
  if (isListType(type))
    return compileList(compileField(source, type.ofType as GraphQLOutputType, fieldNodes, parentName));
  if (isObjectType(type)) return compileObject(source, type, fieldNodes);

  const byTypeName = new Map<string, Project>();
  return (value, path, errors) => {
    const typeName = isJsonObject(value) ? value.__typename : undefined;
    if (typeof typeName !== 'string') return null;
    let project = byTypeName.get(typeName);
    if (!project) {
      const objectType = source.schema.getType(typeName);
      if (!isObjectType(objectType) || !isAbstractType(type) || !source.schema.isSubType(type, objectType)) return null;
      byTypeName.set(typeName, (project = compileObject(source, objectType, fieldNodes)));
    }
    return project(value, path, errors);
  };
}

function compileList(projectItem: Project): Project {
  return (value, path, errors) => {
    if (!Array.isArray(value)) return null;
    const items: JsonValue[] = [];
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      const projected = projectItem(item, [...path, index], errors);
      if (projected === broken) return broken;
      items.push(projected);
    }
    return items;
  };
}

interface CompiledField {
  readonly responseKey: string;
  readonly name: string;
  readonly project: Project;
}

function compileObject(source: ProjectionSource, type: GraphQLObjectType, fieldNodes: readonly FieldNode[]): Project {
  const fields: CompiledField[] = [];
  for (const [responseKey, nodes] of selectedFields(source, type, fieldNodes)) {
    const name = nodes[0]!.name.value;
    if (name === '__typename') {
      fields.push({ responseKey, name, project: () => type.name });
      continue;
    }
    const field = type.getFields()[name];
    if (field) fields.push({ responseKey, name, project: compileField(source, field.type, nodes, type.name) });
  }
  return (value, path, errors) => {
    if (!isJsonObject(value)) return null;
    const projected: Record<string, JsonValue> = {};
    for (const { responseKey, name, project } of fields) {
      const member = project(Object.hasOwn(value, name) ? value[name] : undefined, [...path, responseKey], errors);
      if (member === broken) return broken;
      projected[responseKey] = member;
    }
    return projected;
  };
}

/** The fields selected on an object type, in order, merged by response key; `@skip` and `@include` are decided here. */
function selectedFields(
  source: ProjectionSource,
  type: GraphQLObjectType,
  fieldNodes: readonly FieldNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visit = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection, source.variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments[selection.name.value];
      if (fragment && appliesTo(source.schema, fragment.typeCondition?.name.value, type)) visit(fragment.selectionSet);
    }
  };
  for (const { selectionSet } of fieldNodes) if (selectionSet) visit(selectionSet);
  return fields;
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

/** The root fields of a subscription operation that are not skipped, by response key; one where validation has passed. */
export function rootFieldNodes(
  source: Omit<ProjectionSource, 'fieldNodes'>,
  selectionSet: SelectionSetNode,
): Map<string, FieldNode[]> {
  const root = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '' }, selectionSet } as FieldNode;
  return selectedFields({ ...source, fieldNodes: [root] }, source.subscriptionType, [root]);
}
