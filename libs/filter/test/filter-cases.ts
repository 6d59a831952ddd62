import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '#libs/protocol';

/** How sure a case is: AWS says so, the service was seen to do so, or it is our choice (decision record 0003). */
type Status = 'documented' | 'observed' | 'undocumented';

interface Case {
  readonly name: string;
  readonly status: Status;
}

/** The cases of AppSync's filters, as data that other implementations can read too. */
export interface FilterCases {
  readonly counts: { readonly [section: string]: number };
  readonly match: readonly (Case & { filter: JsonValue; event: JsonValue; expected: boolean })[];
  readonly transform: readonly (Case & {
    input: JsonValue;
    ignoredFields: readonly string[] | null;
    rules: JsonObject | null;
    expected: JsonValue;
  })[];
  readonly validate: readonly (Case & { filter: JsonValue; valid: boolean; errorContains?: string })[];
  readonly basicArguments: readonly (Case & { args: JsonObject; event: JsonValue; expected: boolean })[];
  readonly invalidation: readonly (Case & {
    invalidationFilter: JsonValue;
    payload: JsonValue;
    expected: boolean;
  })[];
}

/** Reads `filter-cases.json`. */
export function readFilterCases(): FilterCases {
  return JSON.parse(readFileSync(new URL('./filter-cases.json', import.meta.url), 'utf8')) as FilterCases;
}
