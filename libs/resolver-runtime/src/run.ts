import type { FieldError } from '#libs/protocol';
import type { BudgetLimits } from './budget.js';
import type { ResolverContext } from './resolver-context.js';
import type { Value, ValueMap } from './values.js';

/** One call of `extensions.invalidateSubscriptions`. */
export interface Invalidation {
  subscriptionField: string;
  payload: ValueMap;
  /** How long the subscriptions that it ends may not start again, in whole seconds; null: they may at once, as in AppSync. */
  stickySeconds: number | null;
}

/** What a run does beside its value. One object may collect the effects of all handlers of a request. */
export interface Effects {
  /** The last `setSubscriptionFilter`; undefined when it was not called, which leaves basic filtering on. */
  subscriptionFilter: Value | undefined;
  /** The last `setSubscriptionInvalidationFilter`; undefined when it was not called. */
  subscriptionInvalidationFilter: Value | undefined;
  /** Unique invalidations in the order of their calls, at most five. */
  invalidations: Invalidation[];
  /** Errors of `util.appendError` and of refused response headers, which do not end the run. */
  errors: FieldError[];
  /** Headers of `util.http.addResponseHeader(s)` by lower-case name; the last definition of a name is kept. */
  responseHeaders: Map<string, string>;
  /** Characters of all response headers that were defined, replaced ones among them: AppSync counts those too. */
  responseHeaderSize: number;
}

export function createEffects(): Effects {
  return {
    subscriptionFilter: undefined,
    subscriptionInvalidationFilter: undefined,
    invalidations: [],
    errors: [],
    responseHeaders: new Map(),
    responseHeaderSize: 0,
  };
}

export type LogLevel = 'info' | 'debug' | 'error';

/** One run of a handler: where its effects go and what it may use. */
export interface Run {
  effects: Effects;
  /** The text of `util.authType()`, e.g. `User Pool Authorization`. */
  authType: string;
  /** Which handler runs: extensions are legal in responses only. */
  phase: 'request' | 'response';
  /** The kind of operation the field belongs to: filters are a subscription's, invalidations a mutation's. */
  operation: 'query' | 'mutation' | 'subscription';
  /** Overrides of {@link BudgetLimits}. */
  limits?: Partial<BudgetLimits>;
  /** Where `util.log` writes. Default: nowhere. */
  log?: (level: LogLevel, message: string) => void;
  /** Milliseconds since the epoch, for `util.time` and the time limit. Default: the system's clock. */
  clock?: () => number;
  /** A number in [0, 1), for ids and `util.math`. Default: the system's cryptographic randomness. */
  random?: () => number;
}

/**
 * `return` is `#return` or `runtime.earlyReturn`: what would follow the handler is skipped. `skipTo` says how far a pipeline
 * goes: `NEXT`, the default and always so for `#return`, to the next function; `END` to the resolver's own response handler.
 */
export type HandlerResult = { kind: 'value'; value: Value } | { kind: 'return'; value: Value; skipTo: 'END' | 'NEXT' };

/** A resolver's or function's pair of handlers. Both languages compile to this. Handlers throw FieldErrors and nothing else. */
export interface ResolverHandlers {
  request(ctx: ResolverContext, run: Run): HandlerResult;
  response(ctx: ResolverContext, run: Run): HandlerResult;
}
