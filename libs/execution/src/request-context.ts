import type { FieldError } from '#libs/protocol';
import type { Identity } from '#libs/identity';
import { createEffects } from '#libs/resolver-runtime';
import type { Effects, Invalidation } from '#libs/resolver-runtime';
import type { RequestDeadline } from './request-deadline.js';
import type { TracedPart } from './traced-part.js';

/** What a request brought with it, before any of it was executed. */
export interface RequestInput {
  readonly identity: Identity;
  /** Header names in lower case. For AppSync's WebSocket protocol: the headers inside `extensions.authorization`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The custom domain the request came to, `$ctx.request.domainName`. Default null. */
  readonly domainName?: string | null;
  /** Named in log records and in answers to unexpected failures. */
  readonly requestId: string;
  /** Where the request came from, the client first, as far as trusted proxies say. Recorded, and used for nothing else. */
  readonly sourceIp?: readonly string[];
  /** Writes what `$util.log` and unexpected failures say. */
  readonly log?: RequestLog;
  /** Ends data source calls when the request is over. Default: never. */
  readonly deadline?: RequestDeadline;
  /** The request's part of a trace: each resolver and each call of a data source becomes a part of it. Default: it is not traced. */
  readonly span?: TracedPart | undefined;
}

export type RequestLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  details?: Record<string, unknown>,
) => void;

/** A field error that did not null its field (`util.appendError`), kept until the answer is formed. */
export interface AppendedError {
  readonly error: FieldError;
  readonly path: readonly (string | number)[];
  readonly locations: readonly { readonly line: number; readonly column: number }[];
}

/** An invalidation, and which resolver asked for it, as `Type.field`. */
export interface AskedInvalidation extends Invalidation {
  readonly resolver: string;
}

/**
 * One request's state while it is executed: graphql-js hands it to every resolver as the context value. Resolvers read the
 * input from it and leave in it what they did beside their value.
 */
export class RequestContext {
  /** True where the request may not change anything (HTTP GET). */
  isReadOnly = false;
  /** By response key of the root field, so that they keep the order of the mutation's fields. */
  readonly invalidations = new Map<string, readonly AskedInvalidation[]>();
  readonly appendedErrors: AppendedError[] = [];
  /** The object type chosen for each value of an interface or union type, by its response path joined with dots. */
  readonly runtimeTypes = new Map<string, string>();
  /** What handlers did, shared by all of the request because AppSync's limits are per request. */
  readonly effects: Effects = createEffects();

  /** Resolvers that were run so far. */
  resolverCount = 0;
  /** When the request began, by `performance.now()`. */
  readonly startedAt = performance.now();

  constructor(readonly input: RequestInput) {}
}
