import { defaultBudgetLimits, toValue } from '#libs/resolver-runtime';
import type { Value } from '#libs/resolver-runtime';
import { Budget } from '../src/budget.js';
import type { ModuleFunction, ModuleMember } from '../src/modules/module-member.js';
import { isTemplateTag } from '../src/modules/module-member.js';
import type { UtilCall } from '../src/util/util-function.js';
import { createContext, createRun } from './fixtures.js';

/** What a helper module sees of one run. Calls that belong together share it. */
export function createCall(): UtilCall {
  return {
    ctx: createContext(),
    run: createRun(),
    budget: new Budget('Query.task.js', defaultBudgetLimits, () => performance.now()),
  };
}

/** The function at a path like `operations.add`. */
export function findFunction(module: Readonly<Record<string, ModuleMember>>, path: string): ModuleFunction {
  let member: ModuleMember | undefined = module;
  for (const name of path.split('.')) {
    member = typeof member === 'object' && !isTemplateTag(member) ? member[name] : undefined;
  }
  if (typeof member !== 'function') {
    throw new Error(`no function ${path}`);
  }
  return member;
}

/** Calls a function of a module with copies of plain data, as a handler does. */
export function callModule(
  module: Readonly<Record<string, ModuleMember>>,
  path: string,
  args: readonly unknown[],
  call = createCall(),
): Value {
  return findFunction(module, path)(args.map(toValue), call);
}
