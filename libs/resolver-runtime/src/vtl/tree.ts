/** The tree of a template: what the parser makes and the compiler takes. Nodes carry the line they begin on. */

export type RenderNode =
  | { readonly kind: 'text'; readonly text: string }
  | PrintNode
  | SetNode
  | IfNode
  | ForeachNode
  | { readonly kind: 'break' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'return'; readonly value: ExpressionNode | null; readonly line: number };

/** A reference in text. `backslashes` stand before it: an odd number escapes it when it is defined. */
export interface PrintNode {
  readonly kind: 'print';
  readonly reference: ReferenceNode;
  readonly backslashes: number;
}

export interface SetNode {
  readonly kind: 'set';
  readonly target: ReferenceNode;
  readonly value: ExpressionNode;
  readonly line: number;
}

export interface IfNode {
  readonly kind: 'if';
  readonly branches: readonly { readonly condition: ExpressionNode; readonly body: readonly RenderNode[] }[];
  readonly otherwise: readonly RenderNode[];
}

export interface ForeachNode {
  readonly kind: 'foreach';
  readonly variable: string;
  readonly items: ExpressionNode;
  readonly body: readonly RenderNode[];
  readonly line: number;
}

export type ExpressionNode =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'interpolated'; readonly body: readonly RenderNode[] }
  | ReferenceNode
  | { readonly kind: 'list'; readonly items: readonly ExpressionNode[] }
  | { readonly kind: 'range'; readonly from: ExpressionNode; readonly to: ExpressionNode; readonly line: number }
  | {
      readonly kind: 'map';
      readonly entries: readonly { readonly key: ExpressionNode; readonly value: ExpressionNode }[];
    }
  | { readonly kind: 'not' | 'negate'; readonly operand: ExpressionNode }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly ExpressionNode[] }
  | ChainNode;

/** Operators of one precedence, applied from the left. One node however long: the tree stays as shallow as its brackets. */
export interface ChainNode {
  readonly kind: 'chain';
  readonly first: ExpressionNode;
  readonly rest: readonly { readonly operator: BinaryOperator; readonly operand: ExpressionNode }[];
}

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface ReferenceNode {
  readonly kind: 'reference';
  readonly root: string;
  readonly steps: readonly ReferenceStep[];
  /** `$!x`: prints nothing when undefined. */
  readonly isQuiet: boolean;
  /** The text as written: what an undefined reference prints. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

export type ReferenceStep =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly ExpressionNode[] }
  | { readonly kind: 'index'; readonly index: ExpressionNode };
