import { slotBytes } from '../budget.js';
import type { Value } from '../values.js';
import { compileExpression } from './compile-expression.js';
import { compilePattern } from './compile-pattern.js';
import { compileBlock } from './compile-statement.js';
import { createMarker, unexpected } from './compiler.js';
import type { Assign, CheckedCode, Compiler } from './compiler.js';
import type { Unit } from './scope.js';
import type { Execute, Invoke, JsValue, State } from './state.js';
import { isFunctionNode } from './tree.js';
import type { FunctionNode } from './tree.js';

/** The closures of a file. */
export interface CompiledCode {
  /** Runs what stands outside of functions: constants, as a rule. Once at the start of every run. */
  readonly start: Execute;
  /** The functions that were asked for, in their order. */
  readonly invokes: readonly Invoke[];
}

/** Turns a checked file into closures: what stands outside of functions, and some functions with all that they call. */
export function compileCode(code: CheckedCode, units: readonly Unit[]): CompiledCode {
  const compiler = new FileCompiler(code);
  const start = compileBlock(code.program.body, compiler);
  const invokes = units.map(compiler.function);
  compiler.forget();
  return { start, invokes };
}

class FileCompiler implements Compiler {
  private known: CheckedCode | undefined;
  private readonly functions = new Map<Unit, Invoke>();

  constructor(code: CheckedCode) {
    this.known = code;
  }

  get code(): CheckedCode {
    if (this.known === undefined) {
      throw new Error('the compiler is done');
    }
    return this.known;
  }

  forget(): void {
    this.known = undefined;
    this.functions.clear();
  }

  readonly expression: Compiler['expression'] = (node) => compileExpression(node, this);
  readonly pattern: Compiler['pattern'] = (node) => compilePattern(node, this);
  readonly block: Compiler['block'] = (nodes) => compileBlock(nodes, this);
  readonly mark: Compiler['mark'] = (node) => createMarker(this.code.lines.startOf(node));
  readonly function: Compiler['function'] = (unit) => {
    const invoke = this.functions.get(unit) ?? compileFunction(unit, this);
    this.functions.set(unit, invoke);
    return invoke;
  };
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
