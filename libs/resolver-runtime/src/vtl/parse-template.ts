import { blockEnds, DirectiveParser, directiveNames, refusedDirectives } from './parse-directive.js';
import type { Block } from './parse-directive.js';
import { ExpressionParser } from './parse-expression.js';
import { Scanner } from './scanner.js';
import type { Origin } from './scanner.js';
import { TemplateSyntaxError } from './template-syntax-error.js';
import type { RenderNode } from './tree.js';

/** A template and the name that errors show for it, usually its file. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
}

/** Largest template, in UTF-8 bytes, as in AppSync. */
const maxTemplateBytes = 64 * 1024;

const plainText = /[^$#\\]+/y;
const backslashes = /\\+/y;
const referenceAhead = /\$!?\{?[A-Za-z_]/y;
const directive = /#(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/y;
const lineComment = /##[^\n]*(?:\n|$)/y;
const blockComment = /#\*[^]*?\*#/y;
const rawText = /#\[\[([^]*?)\]\]#/y;

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
  private readonly directives: DirectiveParser;

  constructor(text: string, origin: Origin, isInString: boolean) {
    this.scanner = new Scanner(text, origin);
    this.expressions = new ExpressionParser(this.scanner, parseInterpolated);
    this.directives = new DirectiveParser(this.scanner, this.expressions, () => this.parseBlock(), isInString);
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
  private parseBlock(): Block {
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
    return name !== undefined && directiveNames.has(name) ? name : null;
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
    if (!directiveNames.has(name)) {
      nodes.push({ kind: 'text', text: match[0] });
      return null;
    }
    if (blockEnds.has(name)) {
      return name;
    }
    nodes.push(scanner.nest(() => this.directives.parse(name, start)));
    return null;
  }

  private refuseDirective(name: string, start: number): void {
    const hint = refusedDirectives.get(name);
    if (hint !== undefined && this.scanner.sees(/[ \t]*\(/y)) {
      throw this.scanner.fail(`#${name} is not available`, hint, start);
    }
  }
}
