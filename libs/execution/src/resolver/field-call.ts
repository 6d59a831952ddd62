import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../request-context.js';
import type { TracedPart } from '../traced-part.js';

/** What graphql-js gives a field that is resolved. */
export interface FieldCall {
  readonly source: unknown;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly info: GraphQLResolveInfo;
  /** The resolver's own part of the request's trace, where it is traced. */
  readonly span?: TracedPart;
}
