import { getNullableType, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLAbstractType, GraphQLObjectType, GraphQLOutputType } from 'graphql';
import { nonNullMessage, notAuthorised, selectedFields, selectionSetsOf } from '#libs/execution';
import type { SelectionSource } from '#libs/execution';
import { isJsonObject, RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/** What a subscriber selected, compiled: from an event's payload to the JSON text of `{data, errors?}`. */
export interface Projection {
  /** Cuts the payload to the selection. */
  project(payload: JsonValue): string;
}

export interface ProjectionSource extends Required<SelectionSource> {
  readonly subscriptionType: GraphQLObjectType;
  /** The operation's one root field; several nodes where fragments repeat it. */
  readonly fieldNodes: readonly FieldNode[];
  /** Fields, as `Type.field`, that the subscriber may not see. */
  readonly deniedFields: ReadonlySet<string>;
}

/**
 * Most fields of a projection, those of every possible type of an interface or union counted. Fragments let a short document
 * select exponentially many. AppSync's own bound of resolvers per request.
 */
export const maxProjectedFields = 10_000;

/** Deepest selection. AppSync lets an API allow at most 75 levels. */
export const maxProjectedDepth = 100;

/** An error in a delivery, with the members that AppSync gives it (AppSync reference, sections 4.2 and 5.3). */
interface DeliveryError {
  readonly message: string;
  readonly path: Path;
  readonly errorType?: string | null;
}

type Path = readonly (string | number)[];
/** Projects one value; `broken` when a null stands where the schema allows none and the error is already told. */
type Project = (value: JsonValue | undefined, path: Path, errors: DeliveryError[]) => JsonValue | typeof broken;

const broken = Symbol('a null where the schema allows none');

/**
 * Compiles a selection once. Subscribers' resolvers are never run for an event, so a delivery is a pure projection of the
 * payload: fields the mutation did not select are null, a field the subscriber may not see is null with the error a query
 * would get, and a null in a non-null place is AppSync's error and nulls the nearest nullable parent.
 *
 * Throws a RequestError when the selection is larger than `maxProjectedFields` or deeper than `maxProjectedDepth`.
 */
export function compileProjection(source: ProjectionSource): Projection {
  const { subscriptionType, fieldNodes } = source;
  const field = fieldNodes[0]!;
  const responseKey = field.alias?.value ?? field.name.value;
  const type = subscriptionType.getFields()[field.name.value]!.type;
  const projectRoot = new Compiler(source).compileField(type, fieldNodes, subscriptionType.name, 1);
  return {
    project(payload) {
      const errors: DeliveryError[] = [];
      const value = projectRoot(payload, [responseKey], errors);
      const data = value === broken ? null : { [responseKey]: value };
      return JSON.stringify(errors.length > 0 ? { data, errors } : { data });
    },
  };
}

/** The compilation of one projection. */
class Compiler {
  private fieldCount = 0;

  constructor(private readonly source: ProjectionSource) {}

  compileField(type: GraphQLOutputType, nodes: readonly FieldNode[], parentName: string, depth: number): Project {
    const nullable = getNullableType(type) as GraphQLOutputType;
    const project = this.compileNullable(nullable, nodes, parentName, depth);
    return isNonNullType(type) ? requireValue(project, String(nullable), parentName) : nullBroken(project);
  }

  private compileNullable(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    parentName: string,
    depth: number,
  ): Project {
    if (isLeafType(type)) return (value) => value ?? null;
    if (isListType(type)) {
      return projectList(this.compileField(type.ofType as GraphQLOutputType, nodes, parentName, depth));
    }
    if (isObjectType(type)) return this.compileObject(type, nodes, depth);
    return isAbstractType(type) ? this.compileAbstract(type, nodes, depth) : () => null;
  }

  private compileAbstract(type: GraphQLAbstractType, nodes: readonly FieldNode[], depth: number): Project {
    const byTypeName = new Map(
      this.source.schema.getPossibleTypes(type).map((possible) => [
        possible.name,
        // Compiled now and not when the first value comes: what is too large is refused at the start.
        this.compileObject(possible, nodes, depth),
      ]),
    );
    return (value, path, errors) => {
      const typeName = isJsonObject(value) && Object.hasOwn(value, '__typename') ? value.__typename : undefined;
      const project = typeof typeName === 'string' ? byTypeName.get(typeName) : undefined;
      return project ? project(value, path, errors) : null;
    };
  }

  private compileObject(type: GraphQLObjectType, nodes: readonly FieldNode[], depth: number): Project {
    const members: Member[] = [];
    for (const [responseKey, selected] of selectedFields(this.source, type, selectionSetsOf(nodes))) {
      this.count(depth);
      const name = selected[0]!.name.value;
      const project = this.compileMember(type, name, selected, depth);
      if (project) members.push({ responseKey, name, project });
    }
    return projectObject(members);
  }

  /** Undefined for a field that the type does not have, which validation lets through on no document. */
  private compileMember(
    type: GraphQLObjectType,
    name: string,
    nodes: readonly FieldNode[],
    depth: number,
  ): Project | undefined {
    if (name === '__typename') return () => type.name;
    const field = type.getFields()[name];
    if (!field) return undefined;
    if (!this.source.deniedFields.has(`${type.name}.${name}`)) {
      return this.compileField(field.type, nodes, type.name, depth + 1);
    }
    const isRequired = isNonNullType(field.type);
    const { message, errorType } = notAuthorised(type.name, name);
    return (_value, path, errors) => {
      errors.push({ message, path, errorType });
      return isRequired ? broken : null;
    };
  }

  private count(depth: number): void {
    this.fieldCount += 1;
    if (this.fieldCount > maxProjectedFields)
      throw new RequestError('BAD_REQUEST', `The operation selects more than ${maxProjectedFields} fields.`);
    if (depth > maxProjectedDepth)
      throw new RequestError('BAD_REQUEST', `The operation selects fields deeper than ${maxProjectedDepth} levels.`);
  }
}

interface Member {
  readonly responseKey: string;
  readonly name: string;
  readonly project: Project;
}

function projectObject(members: readonly Member[]): Project {
  return (value, path, errors) => {
    if (!isJsonObject(value)) return null;
    // Without a prototype: `__proto__` is a legal alias.
    const projected: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
    for (const { responseKey, name, project } of members) {
      const member = project(Object.hasOwn(value, name) ? value[name] : undefined, [...path, responseKey], errors);
      if (member === broken) return broken;
      projected[responseKey] = member;
    }
    return projected;
  };
}

function projectList(projectItem: Project): Project {
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

function requireValue(project: Project, typeName: string, parentName: string): Project {
  return (value, path, errors) => {
    const projected = project(value, path, errors);
    if (projected !== null) return projected;
    errors.push({ message: nonNullMessage(typeName, parentName, path), path });
    return broken;
  };
}

/** A nullable place ends the way of a broken value upwards. */
function nullBroken(project: Project): Project {
  return (value, path, errors) => {
    const projected = project(value, path, errors);
    return projected === broken ? null : projected;
  };
}
