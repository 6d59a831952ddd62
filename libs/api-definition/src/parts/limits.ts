import type { CheckedSettings } from '../yaml/check-settings.js';

/** How far one request and one handler may go. The defaults are AppSync's (AppSync reference, section 10). */
export interface ApiLimits {
  /** Longest time of one request, in milliseconds. Default 30,000. */
  readonly requestTimeoutMs: number;
  /** Levels of fields in an operation, leaves included. Null, the default: any number. */
  readonly queryDepthLimit: number | null;
  /** Resolvers that one request may run. A pipeline counts once. Default 10,000. */
  readonly resolverCountLimit: number;
  /** Functions of one pipeline. Default 10. */
  readonly maxFunctionsPerPipeline: number;
  /** Bytes of what one handler makes. Default 5 MiB. */
  readonly maxEvaluatedBytes: number;
  /** Iterations of one loop in a handler. Default 1000. */
  readonly maxLoopIterations: number;
}

export const defaultLimits: ApiLimits = Object.freeze({
  requestTimeoutMs: 30_000,
  queryDepthLimit: null,
  resolverCountLimit: 10_000,
  maxFunctionsPerPipeline: 10,
  maxEvaluatedBytes: 5 * 1024 * 1024,
  maxLoopIterations: 1000,
});

/** Reads the limits. In `queryDepthLimit` and `resolverCountLimit` 0 stands for the default, as in AppSync. */
export function readLimits(settings: CheckedSettings): ApiLimits {
  return {
    ...defaultLimits,
    ...settings.read('limits'),
    queryDepthLimit: settings.read('queryDepthLimit') || defaultLimits.queryDepthLimit,
    resolverCountLimit: settings.read('resolverCountLimit') || defaultLimits.resolverCountLimit,
  };
}
