import { parseLiteralText } from './parse-string.js';
import type { ParseTemplate } from './parse-string.js';
import type { Scanner } from './scanner.js';
import type { BinaryOperator, ChainNode, ExpressionNode, ReferenceNode, ReferenceStep } from './tree.js';

const spaceAndComments = /(?:\s|##[^\n]*|#\*[^]*?\*#)*/y;
const referenceStart = /\$(!?)(\{?)([A-Za-z_][\w-]*)/y;
const propertyStep = /\.([A-Za-z_][\w-]*)/y;
/** In text, `[` after a reference is an index only when an index follows it. */
const indexStart = /\[\s*(?:-?\d|["'$])/y;
const numberPattern = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const keywordPattern = /(?:true|false|null)(?![\w-])/y;
const keywords: Readonly<Record<string, boolean | null>> = Object.freeze({ true: true, false: false, null: null });

const andPattern = /&&|and(?![\w-])/y;
const orPattern = /\|\||or(?![\w-])/y;
const notPattern = /!|not(?![\w-])/y;

/** Operators from the loosest to the tightest, below and/or. */
const levels: readonly RegExp[] = [
  /==|!=|(?:eq|ne)(?![\w-])/y,
  /<=|>=|<|>|(?:le|ge|lt|gt)(?![\w-])/y,
  /[+-]/y,
  /[*/%]/y,
];
const wordOperators: Readonly<Record<string, BinaryOperator>> = Object.freeze({
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
});

/** Parses references and expressions where a scanner stands. */
export class ExpressionParser {
  constructor(
    private readonly scanner: Scanner,
    private readonly parseTemplate: ParseTemplate,
  ) {}

  skipSpace(): void {
    this.scanner.match(spaceAndComments);
  }

  /** An expression and the space around it. */
  parseExpression(): ExpressionNode {
    return this.scanner.nest(() =>
      this.parseLogical('or', orPattern, () => this.parseLogical('and', andPattern, () => this.parseChain(0))),
    );
  }

  /** The reference that begins here, or null when `$` is only a character. */
  parseReference(): ReferenceNode | null {
    const { scanner } = this;
    const start = scanner.position;
    const match = scanner.match(referenceStart);
    if (match === null) {
      return null;
    }
    const [, quiet, brace, root = ''] = match;
    const steps = this.parseSteps();
    if (brace === '{') {
      scanner.expect('}', `Close the reference \${${root}…}, or write $${root} without braces.`);
    }
    return {
      kind: 'reference',
      root,
      steps,
      isQuiet: quiet === '!',
      source: scanner.text.slice(start, scanner.position),
      ...scanner.locate(start),
    };
  }

  private parseSteps(): ReferenceStep[] {
    const { scanner } = this;
    const steps: ReferenceStep[] = [];
    for (;;) {
      const property = scanner.match(propertyStep);
      if (property !== null) {
        const name = property[1] ?? '';
        steps.push(
          scanner.accept('(')
            ? { kind: 'method', name, args: this.parseItems(')', () => this.parseExpression()) }
            : { kind: 'property', name },
        );
      } else if (scanner.sees(indexStart)) {
        scanner.position += 1;
        const index = this.parseExpression();
        scanner.expect(']', 'An index is one number, string or reference: $list[0], $map["key"].');
        steps.push({ kind: 'index', index });
      } else {
        return steps;
      }
    }
  }

  private parseLogical(kind: 'and' | 'or', operator: RegExp, parseOperand: () => ExpressionNode): ExpressionNode {
    const first = parseOperand();
    const operands = [first];
    while (this.scanner.match(operator) !== null) {
      operands.push(parseOperand());
    }
    return operands.length === 1 ? first : { kind, operands };
  }

  private parseChain(level: number): ExpressionNode {
    const pattern = levels[level];
    if (pattern === undefined) {
      return this.parseUnary();
    }
    const first = this.parseChain(level + 1);
    const rest: { operator: BinaryOperator; operand: ExpressionNode }[] = [];
    for (let match = this.scanner.match(pattern); match !== null; match = this.scanner.match(pattern)) {
      const operator = wordOperators[match[0]] ?? (match[0] as BinaryOperator);
      rest.push({ operator, operand: this.parseChain(level + 1) });
    }
    return rest.length === 0 ? first : ({ kind: 'chain', first, rest } satisfies ChainNode);
  }

  private parseUnary(): ExpressionNode {
    this.skipSpace();
    const { scanner } = this;
    if (scanner.match(notPattern) !== null) {
      return { kind: 'not', operand: scanner.nest(() => this.parseUnary()) };
    }
    const number = scanner.match(numberPattern);
    if (number !== null) {
      this.skipSpace();
      return { kind: 'literal', value: Number(number[0]) };
    }
    if (scanner.accept('-')) {
      return { kind: 'negate', operand: scanner.nest(() => this.parseUnary()) };
    }
    const primary = this.parsePrimary();
    this.skipSpace();
    return primary;
  }

  private parsePrimary(): ExpressionNode {
    const { scanner } = this;
    const keyword = scanner.match(keywordPattern);
    if (keyword !== null) {
      return { kind: 'literal', value: keywords[keyword[0]] ?? null };
    }
    switch (scanner.text[scanner.position]) {
      case '$':
        return this.parseReference() ?? this.failHere();
      case '"':
      case "'":
        return parseLiteralText(scanner, this.parseTemplate);
      case '[':
        return this.parseListOrRange();
      case '{':
        scanner.position += 1;
        return { kind: 'map', entries: this.parseItems('}', () => this.parseEntry()) };
      case '(': {
        scanner.position += 1;
        const inner = this.parseExpression();
        scanner.expect(')', 'Close the bracket.');
        return inner;
      }
      default:
        return this.failHere();
    }
  }

  private parseListOrRange(): ExpressionNode {
    const { scanner } = this;
    const { line } = scanner.locate(scanner.position);
    scanner.position += 1;
    this.skipSpace();
    if (scanner.accept(']')) {
      return { kind: 'list', items: [] };
    }
    const first = this.parseExpression();
    if (scanner.accept('..')) {
      const to = this.parseExpression();
      scanner.expect(']', 'A range is [from..to].');
      return { kind: 'range', from: first, to, line };
    }
    if (scanner.accept(']')) {
      return { kind: 'list', items: [first] };
    }
    scanner.expect(',', 'Elements of a list are separated by commas.');
    return { kind: 'list', items: [first, ...this.parseItems(']', () => this.parseExpression())] };
  }

  private parseEntry(): { key: ExpressionNode; value: ExpressionNode } {
    const key = this.parseExpression();
    this.scanner.expect(':', 'A map is {"key": value, …} with keys in quotes.');
    return { key, value: this.parseExpression() };
  }

  /** Items separated by commas, up to and with the closing bracket. A comma may stand before it. */
  private parseItems<Item>(close: string, parseItem: () => Item): Item[] {
    const items: Item[] = [];
    this.skipSpace();
    while (!this.scanner.accept(close)) {
      items.push(parseItem());
      if (!this.scanner.accept(',')) {
        this.scanner.expect(close, `Separate with commas and close with '${close}'.`);
        break;
      }
      this.skipSpace();
    }
    return items;
  }

  private failHere(): never {
    const found = this.scanner.describeNext();
    const hint = found.startsWith("'=")
      ? 'Compare with ==, assign with #set.'
      : 'A value is a $reference, a number, a string in quotes, true, false, [list] or {map}.';
    throw this.scanner.fail(`expected a value and found ${found}`, hint);
  }
}
