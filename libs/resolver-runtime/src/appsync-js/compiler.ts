import type { Expression, Node, Pattern, Statement, Super } from 'acorn';
import type { Links } from './link-calls.js';
import type { Names, Unit } from './scope.js';
import type { Evaluate, Execute, Invoke, JsValue, State } from './state.js';
import { startOf } from './tree.js';

/** Gives a value to the target of a declaration, parameter or assignment. */
export type Assign = (value: JsValue, state: State) => void;

/** The parts of the compiler, as each uses the others. */
export interface Compiler {
  readonly names: Names;
  readonly links: Links;
  readonly expression: (node: Expression | Super) => Evaluate;
  readonly pattern: (node: Pattern) => Assign;
  /** Statements in a row, as one. */
  readonly block: (nodes: readonly Statement[]) => Execute;
  readonly function: (unit: Unit) => Invoke;
}

/** What the checker lets through and the compiler doesn't know: a mistake of ours. */
export function unexpected(node: Node): Error {
  return new Error(`the checker let through ${node.type}`);
}

/** Puts the run at the beginning of a node, and counts a step. */
export function createMarker(node: Node): (state: State) => void {
  const { line, column } = startOf(node);
  return ({ call: { budget } }) => {
    budget.line = line;
    budget.column = column;
    budget.step();
  };
}
