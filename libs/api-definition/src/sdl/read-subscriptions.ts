import { getNullableType, isListType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema, GraphQLType } from 'graphql';
import type { FaultList } from '../fault.js';
import { suggest } from '../suggest.js';
import { awsDirectives } from './aws-directives.js';
import { readDirectives } from './directive-arguments.js';
import type { DirectiveUse } from './directive-arguments.js';
import { positionOfNode } from './read-schema.js';

/** Which mutation fields trigger which subscription fields, both ways round. */
export interface Triggers {
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  readonly publications: ReadonlyMap<string, readonly string[]>;
}

type Field = GraphQLField<unknown, unknown>;

const known = { aws_subscribe: awsDirectives.aws_subscribe };

/** Reads every `@aws_subscribe` (AppSync reference, section 4.1). A subscription field that nothing triggers is a warning, as AppSync allows it. */
export function readSubscriptions(
  schema: GraphQLSchema,
  file: string,
  faults: FaultList,
  warnings: FaultList,
): Triggers {
  const subscriptions = new Map<string, readonly string[]>();
  const publications = new Map<string, string[]>();
  const root = schema.getSubscriptionType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const use = readDirectives([field.astNode], known)[0];
      if (type !== root) {
        if (use) reportMisplaced(`${type.name}.${field.name}`, root?.name ?? 'Subscription', use, file, faults);
        continue;
      }
      const mutations = use ? readMutations(field, use, schema, file, faults) : [];
      if (!use) {
        const hint = 'Name the mutations that trigger it: @aws_subscribe(mutations: ["…"])';
        warnings.add(positionOfNode(field.astNode, file), `The subscription "${field.name}" never triggers`, hint);
      }
      if (mutations.length > 0) subscriptions.set(field.name, mutations);
      for (const mutation of mutations) publications.set(mutation, [...(publications.get(mutation) ?? []), field.name]);
    }
  }
  return { subscriptions, publications };
}

function reportMisplaced(field: string, root: string, { node }: DirectiveUse, file: string, faults: FaultList): void {
  faults.add(positionOfNode(node, file), `@aws_subscribe stands on ${field}`, `It belongs on a field of ${root}`);
}

/** The mutations a subscription field names, without doubles; those that cannot trigger it are faults. */
function readMutations(
  field: Field,
  { node, args }: DirectiveUse,
  schema: GraphQLSchema,
  file: string,
  faults: FaultList,
): readonly string[] {
  const position = positionOfNode(node, file);
  const names = [...new Set(args.mutations as readonly string[])];
  if (names.length === 0) {
    faults.add(
      position,
      `@aws_subscribe on "${field.name}" names no mutation`,
      'Name at least one: (mutations: ["…"])',
    );
  }
  const mutations = schema.getMutationType()?.getFields() ?? {};
  return names.filter((name) => {
    const mutation = Object.hasOwn(mutations, name) ? mutations[name] : undefined;
    if (!mutation) {
      const hint = suggest(name, Object.keys(mutations), 'Name a field of the type Mutation');
      faults.add(position, `@aws_subscribe on "${field.name}" names "${name}", which is no mutation`, hint);
      return false;
    }
    if (shape(field.type) !== shape(mutation.type)) {
      const message = `The subscription "${field.name}" returns ${String(field.type)}, and the mutation "${name}" returns ${String(mutation.type)}`;
      faults.add(position, message, 'Return the same type from both; only whether it may be null can differ');
    }
    return true;
  });
}

/** A type without its nullability: `[Task!]!` and `[Task]` have the same shape. */
function shape(type: GraphQLType): string {
  const nullable = getNullableType(type);
  return isListType(nullable) ? `[${shape(nullable.ofType)}]` : String(nullable);
}

/**
 * Warns of arguments that can never match: without a resolver, a subscription delivers events whose fields equal its arguments, so an
 * argument that is no field of the result matches nothing (AppSync reference, section 1.2).
 */
export function warnOfDeadArguments(
  schema: GraphQLSchema,
  hasResolver: (typeName: string, fieldName: string) => boolean,
  file: string,
  warnings: FaultList,
): void {
  const root = schema.getSubscriptionType();
  for (const field of Object.values(root?.getFields() ?? {})) {
    const result = getNullableType(field.type);
    if (!root || hasResolver(root.name, field.name) || !isObjectType(result)) continue;
    for (const argument of field.args) {
      if (Object.hasOwn(result.getFields(), argument.name)) continue;
      const message = `The argument "${argument.name}" of "${field.name}" matches no event: ${result.name} has no field of that name`;
      const hint = suggest(
        argument.name,
        Object.keys(result.getFields()),
        'Add the field, or a resolver that sets a filter',
      );
      warnings.add(positionOfNode(argument.astNode, file), message, hint);
    }
  }
}
