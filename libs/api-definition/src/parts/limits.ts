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
  /** Lexical tokens of a document. Default 15,000, AppSync's. */
  readonly maxTokens: number;
  /**
   * Levels of a document, of braces, brackets and parentheses as it is written and of fields with its fragments put in, and of its
   * variables. Default 200: far above what a client writes (AppSync's own queryDepthLimit ends at 75) and below what exhausts a stack.
   */
  readonly maxDepth: number;
  /**
   * Aliases of a document, and fields that stand twice in one selection: both make the same field anew. Default 100, as many
   * items as one BatchGetItem takes, because aliases are how clients make batches.
   */
  readonly maxAliases: number;
  /** Directives that a document applies. Default 50. */
  readonly maxDirectives: number;
  /** Fragments that a document defines. Default 100: validation compares them in pairs. */
  readonly maxFragments: number;
  /** Fields at the root of one operation, fragments put in. Default 100. */
  readonly maxRootFields: number;
  /** Fields of one operation, fragments put in as often as they are spread. Default 10,000, as many as resolvers may run. */
  readonly maxFields: number;
}

export const defaultLimits: ApiLimits = Object.freeze({
  requestTimeoutMs: 30_000,
  queryDepthLimit: null,
  resolverCountLimit: 10_000,
  maxFunctionsPerPipeline: 10,
  maxEvaluatedBytes: 5 * 1024 * 1024,
  maxLoopIterations: 1000,
  maxTokens: 15_000,
  maxDepth: 200,
  maxAliases: 100,
  maxDirectives: 50,
  maxFragments: 100,
  maxRootFields: 100,
  maxFields: 10_000,
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
