import type { Expression, Node, Pattern, Position, Program, Statement, Super } from 'acorn';
import type { Lines } from './lines.js';
import type { Links } from './link-calls.js';
import type { Names, Unit } from './scope.js';
import type { Evaluate, Execute, Invoke, JsValue, State } from './state.js';

/** Gives a value to the target of a declaration, parameter or assignment. */
export type Assign = (value: JsValue, state: State) => void;

/** What the checks found out about a file. */
export interface CheckedCode {
  readonly program: Program;
  readonly lines: Lines;
  readonly names: Names;
  readonly links: Links;
}

/**
 * The parts of the compiler, as each uses the others. Closures of the host keep all that is named in the function around
 * them: those of a file would keep its tree, a hundred times their size, unless no function that makes one for the run also
 * names a node in a closure. What they may keep is this object, which forgets what it knows when it is done.
 */
export interface Compiler {
  readonly code: CheckedCode;
  readonly expression: (node: Expression | Super) => Evaluate;
  readonly pattern: (node: Pattern) => Assign;
  /** Statements in a row, as one. */
  readonly block: (nodes: readonly Statement[]) => Execute;
  readonly function: (unit: Unit) => Invoke;
  /** Puts the run at the beginning of a node. */
  readonly mark: (node: Node) => (state: State) => void;
}

/** What the checker lets through and the compiler doesn't know: a mistake of ours. */
export function unexpected(node: Node): Error {
  return new Error(`the checker let through ${node.type}`);
}

/** Puts the run at a place, and counts a step. */
export function createMarker({ line, column }: Position): (state: State) => void {
  return ({ call: { budget } }) => {
    budget.line = line;
    budget.column = column;
    budget.step();
  };
}
