import { FieldError } from '#libs/protocol';
import type { Effects, ValueMap } from '#libs/resolver-runtime';

/** Where in the evaluated code something is wrong. */
export interface EvaluationCodeError {
  readonly errorType: string;
  readonly value: string;
  readonly location: { readonly line: number; readonly column: number; readonly span: number };
}

/**
 * What AppSync's EvaluateMappingTemplate and EvaluateCode answer. `evaluationResult`, `stash` and `outErrors` are JSON as text,
 * but for a template's result, which is the text that it rendered.
 */
export interface Evaluation {
  readonly evaluationResult?: string;
  /** Why there is no result: `util.error`, a fault of the template or code, a limit. */
  readonly error?: { readonly message: string; readonly codeErrors?: readonly EvaluationCodeError[] };
  /** What `util.log` and `console` wrote. */
  readonly logs: readonly string[];
  readonly stash: string;
  /** Errors of `util.appendError`. */
  readonly outErrors: string;
}

/** The errors that a run appended, in the form that `outErrors` has. */
export function outErrorsOf(effects: Effects): string {
  return JSON.stringify(
    effects.errors.map(({ message, errorType, data, errorInfo }) => ({ message, errorType, data, errorInfo })),
  );
}

/** The stash as JSON text. One that a template has put into itself has no JSON: it is left out. */
export function stashTextOf(stash: ValueMap): string {
  try {
    return JSON.stringify(stash);
  } catch (error) {
    if (error instanceof TypeError) return '{}';
    throw error;
  }
}

/** The message of a run that failed. Anything but a FieldError is a mistake of ours and is thrown on. */
export function failureOf(error: unknown): { readonly message: string } {
  if (error instanceof FieldError) return { message: error.message };
  throw error;
}
