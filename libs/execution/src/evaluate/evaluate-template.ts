import { compileVtlTemplate, TemplateSyntaxError } from '#libs/resolver-runtime';
import type { Rendered } from '#libs/resolver-runtime';
import { evaluationRun, readEvaluationContext } from './evaluation-context.js';
import { failureOf, outErrorsOf, stashTextOf } from './evaluation.js';
import type { Evaluation } from './evaluation.js';

/**
 * Runs one mapping template on a context, as AppSync's EvaluateMappingTemplate does. A template does not say whether it is a
 * request's or a response's: it is a response when the context has a `result`. Throws a RequestError for a context that can't
 * be read; what the template does wrong is in the answer.
 */
export function evaluateTemplate(template: string, contextText: string, name = 'template'): Evaluation {
  const ctx = readEvaluationContext(contextText);
  const logs: string[] = [];
  const run = evaluationRun(ctx, ctx.result === undefined ? 'request' : 'response', logs);
  const rest = (): Pick<Evaluation, 'logs' | 'stash' | 'outErrors'> => ({
    logs,
    stash: stashTextOf(ctx.stash),
    outErrors: outErrorsOf(run.effects),
  });
  try {
    return { evaluationResult: textOf(compileVtlTemplate({ name, text: template })(ctx, run)), ...rest() };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error: { message: error.message }, ...rest() };
    return { error: failureOf(error), ...rest() };
  }
}

function textOf(rendered: Rendered): string {
  return rendered.kind === 'text' ? rendered.text : JSON.stringify(rendered.value);
}
