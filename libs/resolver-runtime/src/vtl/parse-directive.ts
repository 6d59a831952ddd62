import type { ExpressionParser } from './parse-expression.js';
import type { Scanner } from './scanner.js';
import type { ExpressionNode, ForeachNode, IfNode, ReferenceNode, RenderNode } from './tree.js';

/** Nodes up to the directive that ends them; null when the text ends first. */
export interface Block {
  readonly nodes: readonly RenderNode[];
  readonly end: string | null;
}

/** Directives that end a block. */
export const blockEnds: ReadonlySet<string> = new Set(['else', 'elseif', 'end']);

/** All directives there are. `#name` with another name is text. */
export const directiveNames: ReadonlySet<string> = new Set([
  ...blockEnds,
  'set',
  'if',
  'foreach',
  'break',
  'stop',
  'return',
]);

/** Velocity's directives that AppSync does not have, and what to write instead. */
export const refusedDirectives: ReadonlyMap<string, string> = new Map([
  ['include', 'AppSync has no files to include: put the text into the template.'],
  ['parse', 'AppSync has no files to include: put the text into the template.'],
  ['evaluate', 'Text is never run as a template: use #if and #set.'],
  ['macro', 'AppSync has no macros: use #foreach or a pipeline function.'],
  ['define', 'AppSync has no #define: use #set.'],
  ['literal', 'Write #[[ text ]]# for text that is not evaluated.'],
]);

/** Names that no template may give another meaning. */
const builtIns: ReadonlySet<string> = new Set(['util', 'utils', 'extensions', 'ctx', 'context']);

/** Built-ins that hold values, which may be changed. */
const contextNames: ReadonlySet<string> = new Set(['ctx', 'context']);

const inlineSpace = /[ \t]*/y;
/** A directive that ends its line takes the line break with it. */
const restOfLine = /[ \t]*\r?\n/y;

/** Parses directives. Is given the parser of blocks, which in turn needs this one. */
export class DirectiveParser {
  constructor(
    private readonly scanner: Scanner,
    private readonly expressions: ExpressionParser,
    private readonly parseBlock: () => Block,
    private readonly isInString: boolean,
  ) {}

  /** The directive of that name, which began at the offset; what stands before its brackets is taken. */
  parse(name: string, start: number): RenderNode {
    const { line } = this.scanner.locate(start);
    switch (name) {
      case 'set':
        return this.parseSet(line);
      case 'if':
        return this.parseIf(start);
      case 'foreach':
        return this.parseForeach(start, line);
      case 'break':
        return { kind: 'break' };
      case 'stop':
        this.refuseInString(name, start);
        return { kind: 'stop' };
      default:
        this.refuseInString(name, start);
        return this.parseReturn(line);
    }
  }

  private refuseInString(name: string, start: number): void {
    if (this.isInString) {
      throw this.scanner.fail(`#${name} inside a string`, 'Put the directive outside of the quotes.', start);
    }
  }

  private open(name: string): void {
    this.scanner.match(inlineSpace);
    this.scanner.expect('(', `Write #${name}( … ).`);
    this.expressions.skipSpace();
  }

  private close(name: string): void {
    this.expressions.skipSpace();
    this.scanner.expect(')', `Write #${name}( … ).`);
    this.scanner.match(restOfLine);
  }

  /** A reference that is given a value. */
  private parseTarget(name: string): ReferenceNode {
    const start = this.scanner.position;
    const target = this.expressions.parseReference();
    if (target === null) {
      throw this.scanner.fail(`#${name} must begin with a $reference`, `Write #${name}( $name … ).`);
    }
    const isPlain = target.steps.length === 0;
    if (target.steps.at(-1)?.kind === 'method' || (name === 'foreach' && !isPlain)) {
      throw this.scanner.fail(
        `#${name} cannot assign to ${target.source}`,
        'Assign to a variable or a property.',
        start,
      );
    }
    if (builtIns.has(target.root) && (isPlain || !contextNames.has(target.root))) {
      throw this.scanner.fail(`$${target.root} cannot be replaced`, 'Choose another name.', start);
    }
    return target;
  }

  private parseSet(line: number): RenderNode {
    this.open('set');
    const target = this.parseTarget('set');
    this.expressions.skipSpace();
    this.scanner.expect('=', 'Write #set( $name = value ).');
    const value = this.expressions.parseExpression();
    this.close('set');
    return { kind: 'set', target, value, line };
  }

  private parseCondition(name: string): ExpressionNode {
    this.open(name);
    const condition = this.expressions.parseExpression();
    this.close(name);
    return condition;
  }

  private parseIf(start: number): IfNode {
    const branches: { condition: ExpressionNode; body: readonly RenderNode[] }[] = [];
    let condition = this.parseCondition('if');
    for (;;) {
      const { nodes, end } = this.parseBody('if', start);
      branches.push({ condition, body: nodes });
      if (end === 'elseif') {
        condition = this.parseCondition('elseif');
      } else {
        return { kind: 'if', branches, otherwise: end === 'else' ? this.parseOtherwise(start) : [] };
      }
    }
  }

  private parseOtherwise(start: number): readonly RenderNode[] {
    const { nodes, end } = this.parseBody('if', start);
    if (end !== 'end') {
      throw this.scanner.fail(`#${end} after #else`, 'Write #else last, once.');
    }
    return nodes;
  }

  private parseForeach(start: number, line: number): ForeachNode {
    this.open('foreach');
    const variable = this.parseTarget('foreach').root;
    this.expressions.skipSpace();
    if (this.scanner.match(/in(?![\w-])/y) === null) {
      throw this.scanner.fail("#foreach without 'in'", 'Write #foreach( $item in $list ).');
    }
    const items = this.expressions.parseExpression();
    this.close('foreach');
    const { nodes, end } = this.parseBody('foreach', start);
    if (end !== 'end') {
      throw this.scanner.fail(`#${end} in #foreach`, 'Close an inner #if, or the #foreach, with #end first.');
    }
    return { kind: 'foreach', variable, items, body: nodes, line };
  }

  /** The block of a directive, which must end. */
  private parseBody(name: string, start: number): { nodes: readonly RenderNode[]; end: string } {
    const { nodes, end } = this.parseBlock();
    if (end === null) {
      throw this.scanner.fail(`#${name} is not closed`, 'Add #end.', start);
    }
    if (end !== 'elseif') {
      this.scanner.match(restOfLine);
    }
    return { nodes, end };
  }

  private parseReturn(line: number): RenderNode {
    if (!this.scanner.sees(/[ \t]*\(/y)) {
      return { kind: 'return', value: null, line };
    }
    this.open('return');
    const value = this.scanner.sees(/\)/y) ? null : this.expressions.parseExpression();
    this.close('return');
    return { kind: 'return', value, line };
  }
}
