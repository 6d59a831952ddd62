import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../request-context.js';

/** What graphql-js gives a field that is resolved. */
export interface FieldCall {
  readonly source: unknown;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly info: GraphQLResolveInfo;
}
