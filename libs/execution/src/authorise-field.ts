import type { FieldPolicy } from '#libs/api-definition';
import type { Identity } from '#libs/identity';

/** True when one of the policy's grants lets the identity in: its mode, and one of the groups where groups are named. */
export function isAllowed(policy: FieldPolicy, identity: Identity): boolean {
  return policy.grants.some(
    ({ mode, groups }) =>
      mode === identity.mode && (groups === null || groups.some((group) => identity.groups.includes(group))),
  );
}
