import type { PipelineResolverDefinition } from '#libs/api-definition';
import { toValue } from '#libs/resolver-runtime';
import type { Value } from '#libs/resolver-runtime';
import type { ResolverRun } from './resolver-run.js';
import { runStep } from './run-step.js';
import type { Step } from './run-step.js';

/**
 * Runs a pipeline: the handler before, the functions in their order, the handler after (AppSync reference, section 7.1). Each
 * gets the result of the one before it as `ctx.prev.result`. An error that a function's response handler does not raise
 * again is that function's alone; one that is raised ends the field.
 */
export async function runPipeline(
  { handlers }: PipelineResolverDefinition,
  steps: readonly Step[],
  run: ResolverRun,
): Promise<Value> {
  const before = handlers.request && run.handle(handlers.request, run.contextOf(null), 'request');
  // `#return` leaves the resolver; `runtime.earlyReturn` leaves out the functions (AppSync reference, sections 7.3 and 7.6).
  if (before?.kind === 'return' && handlers.language === 'VTL') return before.value;

  let result: Value = before ? before.value : toValue({});
  if (before?.kind !== 'return') {
    for (const step of steps) {
      const { value, skipTo } = await runStep(step, run, { result });
      result = value;
      if (skipTo === 'END') break;
    }
  }
  return handlers.response
    ? run.handle(handlers.response, { ...run.contextOf({ result }), result }, 'response').value
    : result;
}
