import { createContext as createHost, runInContext } from 'node:vm';
import { compileJsHandlers, CodeSyntaxError } from '#libs/resolver-runtime';
import type { CodeFault, HandlerResult, ResolverContext, Run, Value } from '#libs/resolver-runtime';
import { createContext, createRun } from './fixtures.js';

const name = 'resolvers/Mutation.createTask.js';

/** Runs the handler of the run's phase. */
export function runCode(text: string, ctx = createContext(), run = createRun({ phase: 'request' })): HandlerResult {
  return compileJsHandlers({ name, text })[run.phase](ctx, run);
}

/** What a request handler with this body returns. Its text begins on line 2. */
export function runBody(body: string, ctx?: ResolverContext, run?: Run): Value {
  return runCode(`export function request(ctx) {\n${body}\n}`, ctx, run).value;
}

export function evaluateJs(expression: string, ctx?: ResolverContext, run?: Run): Value {
  return runBody(`return ${expression};`, ctx, run);
}

const host = createHost();

/** The same body in the host's JavaScript, through JSON as what leaves a handler is. Throws what the body throws. */
export function runNatively(body: string): unknown {
  const text = `(function (ctx) { 'use strict';\nconst value = (function () {\n${body}\n})();
return JSON.stringify({ value }); })(JSON.parse(${JSON.stringify(JSON.stringify(createContext()))}))`;
  const result = JSON.parse(runInContext(text, host, { timeout: 1000 }) as string) as { value?: unknown };
  return result.value ?? null;
}

/** The faults of a file; none when it can run. */
export function findFaults(text: string): readonly CodeFault[] {
  try {
    compileJsHandlers({ name, text });
    return [];
  } catch (error) {
    if (error instanceof CodeSyntaxError) {
      return error.faults;
    }
    throw error;
  }
}
