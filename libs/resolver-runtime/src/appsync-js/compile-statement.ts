import type {
  ForInStatement,
  ForOfStatement,
  ModuleDeclaration,
  Statement,
  SwitchStatement,
  VariableDeclaration,
  VariableDeclarator,
} from 'acorn';
import { unexpected } from './compiler.js';
import type { Assign, Compiler } from './compiler.js';
import { toBoolean } from './convert.js';
import { areIdentical } from './operators.js';
import { iterate, ownKeys } from './properties.js';
import { isList, isMap } from '../values.js';
import type { Evaluate, Execute, JsValue, Signal, State } from './state.js';

/** Statements in a row, up to the first that does not go on. */
export function compileBlock(nodes: readonly (Statement | ModuleDeclaration)[], compiler: Compiler): Execute {
  const statements = nodes.flatMap((node) => compileStatement(node, compiler) ?? []);
  return (state) => {
    for (const execute of statements) {
      const signal = execute(state);
      if (signal !== 'next') {
        return signal;
      }
    }
    return 'next';
  };
}

/** Undefined for what does nothing at run: functions are compiled where they are called. */
function compileStatement(node: Statement | ModuleDeclaration, compiler: Compiler): Execute | undefined {
  const mark = compiler.mark(node);
  switch (node.type) {
    case 'EmptyStatement':
    case 'FunctionDeclaration':
    case 'ImportDeclaration':
      return undefined;
    case 'ExportNamedDeclaration':
      return node.declaration ? compileStatement(node.declaration, compiler) : undefined;
    case 'ExpressionStatement': {
      const evaluate = compiler.expression(node.expression);
      return (state) => {
        mark(state);
        evaluate(state);
        return 'next';
      };
    }
    case 'VariableDeclaration':
      return compileDeclaration(node, compiler);
    case 'BlockStatement':
      return compiler.block(node.body);
    case 'ReturnStatement': {
      const value = node.argument ? compiler.expression(node.argument) : () => undefined;
      return (state) => {
        mark(state);
        state.returned = value(state);
        return 'return';
      };
    }
    case 'BreakStatement':
      return () => 'break';
    case 'IfStatement': {
      const test = compiler.expression(node.test);
      const consequent = compiler.block([node.consequent]);
      const alternate = compiler.block(node.alternate ? [node.alternate] : []);
      return (state) => {
        mark(state);
        return toBoolean(test(state)) ? consequent(state) : alternate(state);
      };
    }
    case 'SwitchStatement':
      return compileSwitch(node, compiler);
    case 'ForOfStatement':
    case 'ForInStatement':
      return compileLoop(node, compiler);
    default:
      throw unexpected(node);
  }
}

function compileDeclaration(node: VariableDeclaration, compiler: Compiler): Execute | undefined {
  const gives = node.declarations.flatMap((declarator) => compileDeclarator(declarator, node.kind, compiler) ?? []);
  return gives.length === 0 ? undefined : runAll(compiler.mark(node), gives);
}

/** Undefined for what does nothing at run: functions, other names for something of the language, `var` without a value. */
function compileDeclarator(
  { id, init }: VariableDeclarator,
  kind: VariableDeclaration['kind'],
  compiler: Compiler,
): ((state: State) => void) | undefined {
  const { names, links } = compiler.code;
  const isFunction = names.references.get(id)?.function !== undefined;
  if (isFunction || (init ? links.aliases.has(init) : kind === 'var')) {
    return undefined;
  }
  return compileGive(init ? compiler.expression(init) : () => undefined, compiler.pattern(id));
}

function compileGive(value: Evaluate, assign: Assign): (state: State) => void {
  return (state) => {
    assign(value(state), state);
  };
}

function runAll(mark: (state: State) => void, gives: readonly ((state: State) => void)[]): Execute {
  return (state) => {
    mark(state);
    for (const give of gives) {
      give(state);
    }
    return 'next';
  };
}

function compileSwitch({ discriminant, cases }: SwitchStatement, compiler: Compiler): Execute {
  const value = compiler.expression(discriminant);
  const compiled = cases.map(({ test, consequent }) => ({
    test: test ? compiler.expression(test) : undefined,
    body: compiler.block(consequent),
  }));
  const mark = compiler.mark(discriminant);
  const fallback = compiled.findIndex(({ test }) => test === undefined);
  return (state) => {
    mark(state);
    const given = value(state);
    const found = compiled.findIndex(({ test }) => test !== undefined && areIdentical(given, test(state), state));
    const start = found >= 0 ? found : fallback;
    for (const { body } of start < 0 ? [] : compiled.slice(start)) {
      const signal = body(state);
      if (signal !== 'next') {
        return signal === 'break' ? 'next' : signal;
      }
    }
    return 'next';
  };
}

function compileLoop(node: ForInStatement | ForOfStatement, compiler: Compiler): Execute {
  const { left, right, body } = node;
  const assign = compileLoopTarget(left, compiler);
  const items = compiler.expression(right);
  const run = compiler.block([body]);
  const mark = compiler.mark(node);
  const markItems = compiler.mark(right);
  const isOverKeys = node.type === 'ForInStatement';
  return (state) => {
    const value = items(state);
    markItems(state);
    const list: readonly JsValue[] = isOverKeys ? ownKeys(value, state) : isList(value) ? value : iterate(value, state);
    // By index: the body may add elements, which are visited as well; the budget sees to the end.
    for (let index = 0; index < list.length; index += 1) {
      mark(state);
      const item = list[index];
      if (isOverKeys && isMap(value) && !Object.hasOwn(value, item as string)) {
        // The body took it away.
        continue;
      }
      assign(item, state);
      const signal: Signal = run(state);
      if (signal !== 'next') {
        return signal === 'break' ? 'next' : signal;
      }
    }
    return 'next';
  };
}

function compileLoopTarget(left: ForOfStatement['left'], compiler: Compiler): Assign {
  if (left.type !== 'VariableDeclaration') {
    return compiler.pattern(left);
  }
  const [declarator] = left.declarations;
  if (declarator === undefined) {
    throw unexpected(left);
  }
  return compiler.pattern(declarator.id);
}
