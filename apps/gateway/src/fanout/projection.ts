import { createHash } from 'node:crypto';
import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { JsonValue } from '#libs/protocol';
import { SelectionCompiler } from './selection-compiler.js';
import type { CompilerSource } from './selection-compiler.js';
import type { DeliveryError } from './selection-writer.js';

/** What a subscriber selected, compiled: from an event's payload to the JSON text of `{data, errors?}`. */
export interface Projection {
  /** Equal for selections that give the same text for every payload: same fields, names, order, denied fields. */
  readonly key: string;
  /** Fields that were compiled, those of every possible type of an interface or union counted: what it holds of memory. */
  readonly fieldCount: number;
  /** Cuts the payload to the selection. */
  project(payload: JsonValue): string;
}

export interface ProjectionSource extends CompilerSource {
  readonly subscriptionType: GraphQLObjectType;
  /** The operation's one root field; several nodes where fragments repeat it. */
  readonly fieldNodes: readonly FieldNode[];
}

/**
 * Compiles a selection once. Subscribers' resolvers are never run for an event, so a delivery is a pure projection of the
 * payload: fields the mutation did not select are null, a field the subscriber may not see is null with the error a query
 * would get, and a null in a non-null place is AppSync's error and nulls the nearest nullable parent.
 *
 * The text is written straight from the payload: no object is built on the way, and no path unless something is wrong.
 *
 * Throws a RequestError when the selection passes the limits.
 */
export function compileProjection(source: ProjectionSource): Projection {
  const { subscriptionType, fieldNodes } = source;
  const { name, alias } = fieldNodes[0]!;
  const responseKey = alias?.value ?? name.value;
  const compiler = new SelectionCompiler(source);
  const type = subscriptionType.getFields()[name.value]!.type;
  const root = compiler.compileField(type, fieldNodes, subscriptionType.name, { depth: 1, level: 0 });
  const opening = `{"data":{"${responseKey}":`;
  return {
    key: digest(`${responseKey}:${name.value}:${String(type)}${root.key}`),
    fieldCount: compiler.fieldCount,
    project(payload) {
      const errors: DeliveryError[] = [];
      const value = root.write(payload, { path: [responseKey], errors });
      const data = value === undefined ? '{"data":null' : `${opening}${value}}`;
      return errors.length === 0 ? `${data}}` : `${data},"errors":${JSON.stringify(errors)}}`;
    },
  };
}

/** A selection of ten thousand fields is a long text, and every group would keep it. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
