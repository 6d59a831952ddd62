import type { Value, ValueMap } from './values.js';

/** What a resolver reads: AppSync's `$ctx` (AppSync reference, section 7.2). `stash` is shared by all handlers of one resolver. */
export interface ResolverContext {
  args: ValueMap;
  source: Value;
  /** As {@link https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference.html AppSync shapes it}; null for API keys. */
  identity: Value;
  request: { headers: ValueMap; domainName: string | null };
  stash: ValueMap;
  /** Result of the previous pipeline function; null in a unit resolver. */
  prev: { result: Value } | null;
  /** What the data source answered; only in responses. */
  result?: Value;
  /** What the data source failed with; only in responses. */
  error?: { message: string; type: string | null } | null;
  info: FieldInfo;
  /** The API's environment variables. */
  env: ValueMap;
}

/** Which field is being resolved. The selection set is readable, and left out of `$util.toJson($ctx.info)` as in AppSync. */
export interface FieldInfo {
  fieldName: string;
  parentTypeName: string;
  variables: ValueMap;
  /** Selected paths joined by `/`, aliases instead of names. */
  selectionSetList?: string[];
  /** The selection's text. */
  selectionSetGraphQL?: string;
}
