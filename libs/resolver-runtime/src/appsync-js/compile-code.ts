import type { Program } from 'acorn';
import { slotBytes } from '../budget.js';
import type { Value } from '../values.js';
import { compileExpression } from './compile-expression.js';
import { compilePattern } from './compile-pattern.js';
import { compileBlock } from './compile-statement.js';
import { unexpected } from './compiler.js';
import type { Assign, Compiler } from './compiler.js';
import type { Links } from './link-calls.js';
import type { Names, Unit } from './scope.js';
import type { Execute, Invoke, JsValue, State } from './state.js';
import { isFunctionNode } from './tree.js';
import type { FunctionNode } from './tree.js';

/** The closures of a file. */
export interface CompiledCode {
  /** Runs what stands outside of functions: constants, as a rule. Once at the start of every run. */
  readonly start: Execute;
  readonly function: (unit: Unit) => Invoke;
}

/** Turns a checked file into closures. */
export function compileCode(program: Program, names: Names, links: Links): CompiledCode {
  const functions = new Map<Unit, Invoke>();
  const compiler: Compiler = {
    names,
    links,
    expression: (node) => compileExpression(node, compiler),
    pattern: (node) => compilePattern(node, compiler),
    block: (nodes) => compileBlock(nodes, compiler),
    function: (unit) => {
      const invoke = functions.get(unit) ?? compileFunction(unit, compiler);
      functions.set(unit, invoke);
      return invoke;
    },
  };
  return { start: compileBlock(program.body, compiler), function: compiler.function };
}

function compileFunction(unit: Unit, compiler: Compiler): Invoke {
  const { node, varSlots } = unit;
  if (!isFunctionNode(node)) {
    throw unexpected(node);
  }
  const bind = compileParameters(node.params, compiler);
  const run = compileBody(node, compiler);
  return (state, args) => {
    for (const slot of varSlots) {
      state.slots[slot] = undefined;
    }
    bind(args, state);
    return run(state);
  };
}

function compileBody({ body }: FunctionNode, compiler: Compiler): (state: State) => JsValue {
  if (body.type !== 'BlockStatement') {
    return compiler.expression(body);
  }
  const execute = compiler.block(body.body);
  return (state) => {
    const value = execute(state) === 'return' ? state.returned : undefined;
    state.returned = undefined;
    return value;
  };
}

function compileParameters(params: FunctionNode['params'], compiler: Compiler) {
  const rest = params.findIndex(({ type }) => type === 'RestElement');
  const assigns = params.map((param): Assign =>
    compiler.pattern(param.type === 'RestElement' ? param.argument : param),
  );
  return (args: readonly JsValue[], state: State): void => {
    for (let index = 0; index < assigns.length; index += 1) {
      if (index === rest) {
        state.budget.spend(Math.max(0, args.length - index) * slotBytes);
      }
      assigns[index]?.(index === rest ? (args.slice(index) as Value[]) : args[index], state);
    }
  };
}
