import type { JsonValue } from '#libs/protocol';

/** One `{ fieldName, operator, value }` of the document that is being made. Its parts are checked when it is parsed. */
export interface RuleDocument {
  readonly fieldName: string;
  readonly operator: string;
  readonly value: JsonValue;
}

/**
 * The and/or tree that a client's filter object means. `all` without conditions is the object that says nothing; no
 * branch of an `any` is one, and `any` always has a condition, so that neither "always" nor "never" hides in the tree.
 */
export type Condition =
  | { readonly kind: 'rule'; readonly rule: RuleDocument }
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'any'; readonly conditions: readonly Condition[] };

/** True for the condition that says nothing. */
export function isEmptyCondition(condition: Condition): boolean {
  return condition.kind === 'all' && condition.conditions.length === 0;
}
