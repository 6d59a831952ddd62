import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { ExecutableApi } from '#libs/execution';
import { RequestError } from '#libs/protocol';
import type { FieldPolicies } from './field-policies.js';

/**
 * The first field, as `Type.field`, of those that a subscription selects which another definition of its API does not have, or
 * has otherwise: of another type, or for others to see. Undefined where it can go on as it is.
 */
export function changedField(policies: FieldPolicies, before: ExecutableApi, after: ExecutableApi): string | undefined {
  for (const [key, { typeName, fieldName }] of policies) {
    if (describeField(before, typeName, fieldName) !== describeField(after, typeName, fieldName)) return key;
  }
  return undefined;
}

/** All that a delivery depends on. Undefined where there is no such field. */
function describeField({ schema, definition }: ExecutableApi, typeName: string, name: string): string | undefined {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) return undefined;
  const named = getNamedType(field.type);
  const possible = isAbstractType(named) ? schema.getPossibleTypes(named).map((one) => one.name) : [];
  return JSON.stringify([String(field.type), possible.sort(), definition.policy(typeName, name)]);
}

/** Why a subscription ends, or does not start, because the definition was replaced. */
export function apiChanged(field: string): RequestError {
  return new RequestError(
    'API_CHANGED',
    `The API has changed: ${field} is gone, or not what the subscription began with.`,
  );
}
