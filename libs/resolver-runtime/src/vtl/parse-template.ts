import { ExpressionParser } from './parse-expression.js';
import { Scanner } from './scanner.js';
import type { Origin } from './scanner.js';
import { TemplateSyntaxError } from './template-syntax-error.js';
import type { ExpressionNode, ForeachNode, IfNode, ReferenceNode, RenderNode } from './tree.js';

/** A template and the name that errors show for it, usually its file. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
}

/** Largest template, in UTF-8 bytes, as in AppSync. */
const maxTemplateBytes = 64 * 1024;

/** Names that change what they hold: built-ins are the evaluator's own. */
const builtIns: ReadonlySet<string> = new Set(['util', 'utils', 'extensions', 'ctx', 'context']);

const plainText = /[^$#\\]+/y;
const backslashes = /\\+/y;
const referenceAhead = /\$!?\{?[A-Za-z_]/y;
const directive = /#(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/y;
const lineComment = /##[^\n]*(?:\n|$)/y;
const blockComment = /#\*[^]*?\*#/y;
const rawText = /#\[\[([^]*?)\]\]#/y;
const inlineSpace = /[ \t]*/y;
/** A directive that ends its line takes the line break with it. */
const restOfLine = /[ \t]*\r?\n/y;

const blockEnds: ReadonlySet<string> = new Set(['else', 'elseif', 'end']);
const directives: ReadonlySet<string> = new Set([...blockEnds, 'set', 'if', 'foreach', 'break', 'stop', 'return']);
const refused: Readonly<Record<string, string>> = Object.freeze({
  include: 'AppSync has no files to include: put the text into the template.',
  parse: 'AppSync has no files to include: put the text into the template.',
  evaluate: 'Text is never run as a template: use #if and #set.',
  macro: 'AppSync has no macros: use #foreach or a pipeline function.',
  define: 'AppSync has no #define: use #set.',
  literal: 'Write #[[ text ]]# for text that is not evaluated.',
});

/** Parses a template. Throws a TemplateSyntaxError with the place of the first fault. */
export function parseTemplate({ name, text }: TemplateSource): readonly RenderNode[] {
  if (Buffer.byteLength(text) > maxTemplateBytes) {
    const hint = 'Move parts of it into pipeline functions.';
    throw new TemplateSyntaxError(`the template is larger than ${maxTemplateBytes} bytes`, name, 1, 1, hint);
  }
  return new TemplateParser(text, { template: name, line: 1, column: 1, nesting: 0 }, false).parseAll();
}

function parseInterpolated(text: string, origin: Origin): readonly RenderNode[] {
  return new TemplateParser(text, origin, true).parseAll();
}

class TemplateParser {
  private readonly scanner: Scanner;
  private readonly expressions: ExpressionParser;

  constructor(
    text: string,
    origin: Origin,
    private readonly isInString: boolean,
  ) {
    this.scanner = new Scanner(text, origin);
    this.expressions = new ExpressionParser(this.scanner, parseInterpolated);
  }

  parseAll(): readonly RenderNode[] {
    const { nodes, end } = this.parseBlock();
    if (end !== null) {
      const offset = this.scanner.position - end.length - 1;
      throw this.scanner.fail(
        `#${end} without #if or #foreach before it`,
        'Remove it, or add the directive it ends.',
        offset,
      );
    }
    return nodes;
  }

  /** Nodes up to a directive that ends a block, which is taken, or to the end of the text. */
  private parseBlock(): { nodes: RenderNode[]; end: string | null } {
    const nodes: RenderNode[] = [];
    while (!this.scanner.isAtEnd) {
      const end = this.parseNext(nodes);
      if (end !== null) {
        return { nodes, end };
      }
    }
    return { nodes, end: null };
  }

  /** Adds what comes next to the nodes. Returns the name of a directive that ends the block. */
  private parseNext(nodes: RenderNode[]): string | null {
    const { scanner } = this;
    const plain = scanner.match(plainText);
    if (plain !== null) {
      nodes.push({ kind: 'text', text: plain[0] });
      return null;
    }
    switch (scanner.text[scanner.position]) {
      case '\\':
        this.parseBackslashes(nodes);
        return null;
      case '$':
        this.parsePrint(nodes, 0);
        return null;
      default:
        return this.parseHash(nodes);
    }
  }

  private parsePrint(nodes: RenderNode[], count: number): void {
    const reference = this.expressions.parseReference();
    if (reference === null) {
      this.scanner.position += 1;
      nodes.push({ kind: 'text', text: '$' });
    } else {
      nodes.push({ kind: 'print', reference, backslashes: count });
    }
  }

  private parseBackslashes(nodes: RenderNode[]): void {
    const { scanner } = this;
    const count = scanner.match(backslashes)?.[0].length ?? 0;
    if (scanner.sees(referenceAhead)) {
      this.parsePrint(nodes, count);
      return;
    }
    const name = this.peekDirective();
    if (name === null) {
      nodes.push({ kind: 'text', text: '\\'.repeat(count) });
      return;
    }
    const isEscaped = count % 2 === 1;
    const text = isEscaped ? (scanner.match(directive)?.[0] ?? '') : '';
    nodes.push({ kind: 'text', text: '\\'.repeat(count >> 1) + text });
  }

  /** The name of the directive that stands here, if it is one. */
  private peekDirective(): string | null {
    const start = this.scanner.position;
    const match = this.scanner.match(directive);
    this.scanner.position = start;
    const name = match?.[1] ?? match?.[2];
    return name !== undefined && directives.has(name) ? name : null;
  }

  private parseHash(nodes: RenderNode[]): string | null {
    const { scanner } = this;
    if (scanner.match(lineComment) !== null || scanner.match(blockComment) !== null) {
      return null;
    }
    const raw = scanner.match(rawText);
    if (raw !== null) {
      nodes.push({ kind: 'text', text: raw[1] ?? '' });
      return null;
    }
    const start = scanner.position;
    if (scanner.accept('#*') || scanner.accept('#[[')) {
      throw scanner.fail(
        `'${scanner.text.slice(start, scanner.position)}' is not closed`,
        'Close #* with *# and #[[ with ]]#.',
        start,
      );
    }
    const match = scanner.match(directive);
    if (match === null) {
      scanner.position += 1;
      nodes.push({ kind: 'text', text: '#' });
      return null;
    }
    const name = match[1] ?? match[2] ?? '';
    this.refuseDirective(name, start);
    if (!directives.has(name)) {
      nodes.push({ kind: 'text', text: match[0] });
      return null;
    }
    if (blockEnds.has(name)) {
      return name;
    }
    nodes.push(scanner.nest(() => this.parseDirective(name, start)));
    return null;
  }

  private refuseDirective(name: string, start: number): void {
    const hint = Object.hasOwn(refused, name) ? refused[name] : undefined;
    if (hint !== undefined && this.scanner.sees(/[ \t]*\(/y)) {
      throw this.scanner.fail(`#${name} is not available`, hint, start);
    }
  }

  private parseDirective(name: string, start: number): RenderNode {
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
    if (builtIns.has(target.root) && (isPlain || !target.root.startsWith('c'))) {
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
  private parseBody(name: string, start: number): { nodes: RenderNode[]; end: string } {
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
