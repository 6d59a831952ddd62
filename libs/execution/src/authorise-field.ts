import type { FieldPolicy } from '#libs/api-definition';
import type { Identity } from '#libs/identity';

/**
 * True when the identity may access the field: one of its policy's grants lets the identity's mode in, and one of its groups
 * where groups are named, and the credentials themselves do not exclude the field.
 */
export function isAllowed(policy: FieldPolicy, identity: Identity, typeName: string, fieldName: string): boolean {
  return isGranted(policy, identity) && (identity.allowsField === null || identity.allowsField(typeName, fieldName));
}

function isGranted(policy: FieldPolicy, identity: Identity): boolean {
  return policy.grants.some(
    ({ mode, groups }) =>
      mode === identity.mode && (groups === null || groups.some((group) => identity.groups.includes(group))),
  );
}
