import { CodeSyntaxError, compileJsHandlers } from '#libs/resolver-runtime';
import type { HandlerResult } from '#libs/resolver-runtime';
import { evaluationRun, readEvaluationContext } from './evaluation-context.js';
import { failureOf, outErrorsOf, stashTextOf } from './evaluation.js';
import type { Evaluation } from './evaluation.js';

/**
 * Runs one handler of APPSYNC_JS code on a context, as AppSync's EvaluateCode does. Throws a RequestError for a context that
 * can't be read; what the code does wrong is in the answer, every fault of its text with its place.
 */
export function evaluateCode(
  code: string,
  contextText: string,
  handler: 'request' | 'response',
  name = 'code.js',
): Evaluation {
  const ctx = readEvaluationContext(contextText);
  const logs: string[] = [];
  const run = evaluationRun(ctx, handler, logs);
  const rest = (): Pick<Evaluation, 'logs' | 'stash' | 'outErrors'> => ({
    logs,
    stash: stashTextOf(ctx.stash),
    outErrors: outErrorsOf(run.effects),
  });
  try {
    return { evaluationResult: resultOf(compileJsHandlers({ name, text: code })[handler](ctx, run)), ...rest() };
  } catch (error) {
    return { error: error instanceof CodeSyntaxError ? syntaxFailure(error) : failureOf(error), ...rest() };
  }
}

function resultOf({ value }: HandlerResult): string {
  return JSON.stringify(value);
}

/** AppSync's message is the same whatever is wrong; the places are in `codeErrors`. */
function syntaxFailure({ faults }: CodeSyntaxError): NonNullable<Evaluation['error']> {
  return {
    message: 'The code contains one or more errors.',
    codeErrors: faults.map(({ errorType, message, hint, line, column, span }) => ({
      errorType,
      value: hint === '' ? message : `${message}. ${hint}`,
      location: { line, column, span },
    })),
  };
}
