import { FieldError } from '#libs/protocol';
import { Budget, defaultBudgetLimits } from '../budget.js';
import { createContextMap } from '../context-map.js';
import type { ResolverContext } from '../resolver-context.js';
import type { HandlerResult, ResolverHandlers, Run } from '../run.js';
import { snapshot } from '../snapshot.js';
import { isMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { checkCalls } from './check-calls.js';
import { CodeSyntaxError } from './code-syntax-error.js';
import { compileCode } from './compile-code.js';
import type { CompiledCode } from './compile-code.js';
import type { FaultList } from './fault-list.js';
import { linkCalls } from './link-calls.js';
import { parseCode } from './parse-code.js';
import type { CodeSource } from './parse-code.js';
import { resolveNames } from './resolve-names.js';
import type { Names } from './scope.js';
import { EarlyReturn, State } from './state.js';
import type { Execute, Invoke, JsValue } from './state.js';

/**
 * Compiles a file of APPSYNC_JS 1.0.0: a module that exports `request(ctx)` and, if the data source's result is not the
 * answer as it is, `response(ctx)`.
 *
 * @throws CodeSyntaxError with every fault of the file: what is no JavaScript, and what AppSync does not run.
 */
export function compileJsHandlers(source: CodeSource): ResolverHandlers {
  return createHandlers(source.name, compileText(source));
}

/**
 * A `compileJsHandlers` that compiles each text once, however many files have it: the code around a pipeline is as a rule the
 * same in all of them. Keeps what it compiled for as long as it is kept itself.
 */
export function createJsCompiler(): (source: CodeSource) => ResolverHandlers {
  const known = new Map<string, CompiledFile>();
  return (source) => {
    const compiled = known.get(source.text) ?? compileText(source);
    known.set(source.text, compiled);
    return createHandlers(source.name, compiled);
  };
}

/** A file's closures, which know nothing of its name, and how many variables a run has. */
interface CompiledFile extends CompiledCode {
  readonly slotCount: number;
}

function compileText(source: CodeSource): CompiledFile {
  const { program, lines, levels, faults } = parseCode(source);
  const names = resolveNames(program, faults);
  const links = linkCalls(names, faults);
  checkCalls(names, levels, faults);
  checkExports(names, faults);
  if (faults.sorted.length > 0) {
    throw new CodeSyntaxError(source.name, faults.sorted);
  }
  const units = ['request', 'response'].flatMap((name) => names.exports.get(name)?.binding?.function ?? []);
  return { slotCount: names.slotCount, ...compileCode({ program, lines, names, links }, units) };
}

/** Of a file's closures only: its tree is not needed any more. */
function createHandlers(file: string, { slotCount, start, invokes }: CompiledFile): ResolverHandlers {
  const [request = giveResult, response = giveResult] = invokes.map((invoke) =>
    createHandler(file, slotCount, start, invoke),
  );
  return { request, response };
}

type Handler = (ctx: ResolverContext, run: Run) => HandlerResult;

function checkExports({ exports, program }: Names, faults: FaultList): void {
  const hint = 'Write export function request(ctx) { … }.';
  if (!exports.has('request')) {
    faults.add(program.node, 'no function request is exported', hint);
  }
  for (const name of ['request', 'response']) {
    const exported = exports.get(name);
    if (exported !== undefined && exported.binding?.function === undefined) {
      faults.add(exported.node, `the export ${name} is no function`, hint.replace('request', name));
    }
  }
}

/** The response of a file without one: the data source's result, or its error since nothing else would tell of it. */
function giveResult({ result, error }: ResolverContext): HandlerResult {
  if (error) {
    throw new FieldError(error.message, error.type);
  }
  return { kind: 'value', value: result ?? null };
}

function createHandler(file: string, slotCount: number, start: Execute, invoke: Invoke): Handler {
  return (ctx, run) => {
    const limits = { ...defaultBudgetLimits, ...run.limits };
    const budget = new Budget(file, limits, run.clock ?? (() => performance.now()), 'Code');
    budget.column = 1;
    const state = new State({ ctx, run, budget }, slotCount);
    const context = createJsContext(ctx);
    try {
      start(state);
      return { kind: 'value', value: leave(invoke(state, [context]), budget) };
    } catch (error) {
      if (error instanceof EarlyReturn) {
        return { kind: 'return', value: leave(error.value, budget), skipTo: error.skipTo };
      }
      throw error;
    } finally {
      keepStash(ctx.stash, context['stash'], budget);
    }
  };
}

/** `ctx` as handlers see it: what there is not yet is undefined, as in AppSync, where templates see null. */
function createJsContext(ctx: ResolverContext): ValueMap {
  const context = createContextMap(ctx);
  if (ctx.prev === null) {
    delete context['prev'];
  }
  if (ctx.result === undefined) {
    delete context['result'];
  }
  if (ctx.error === null || ctx.error === undefined) {
    delete context['error'];
  }
  return context;
}

/** A copy of what a handler gives, within the size of an evaluated result. */
function leave(value: JsValue, budget: Budget): Value {
  const spentBefore = budget.spentBytes;
  const copy = snapshot(value, budget);
  budget.checkOutput(budget.spentBytes - spentBefore);
  return copy;
}

/**
 * The stash as all that follows finds it, after an error too: a plain tree, also when the handler put another object in its
 * place. Empty when it can't be one.
 */
function keepStash(stash: ValueMap, left: Value | undefined, budget: Budget): void {
  budget.unwindTo(0);
  let kept: Value = null;
  try {
    kept = isMap(left) ? snapshot(left, budget) : null;
  } finally {
    for (const key of Object.keys(stash)) {
      delete stash[key];
    }
    Object.assign(stash, kept);
  }
}
