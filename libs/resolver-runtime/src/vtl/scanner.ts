import { TemplateSyntaxError } from './template-syntax-error.js';

/** Nested brackets, blocks and strings a template may have. Ten times what people write; keeps recursion off the stack's end. */
const maxNesting = 100;

/** Where a piece of a template stands in its file. */
export interface Origin {
  readonly template: string;
  readonly line: number;
  readonly column: number;
  readonly nesting: number;
}

/** Reads a template, or the inside of one of its strings, from the left. Knows its place for errors. */
export class Scanner {
  position = 0;
  private nesting: number;

  constructor(
    readonly text: string,
    private readonly origin: Origin,
  ) {
    this.nesting = origin.nesting;
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Takes what a sticky pattern matches here; null when it does not. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match !== null) {
      this.position += match[0].length;
    }
    return match;
  }

  /** True when a sticky pattern matches here; takes nothing. */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  /** Takes the text if it is next. */
  accept(text: string): boolean {
    const isNext = this.text.startsWith(text, this.position);
    if (isNext) {
      this.position += text.length;
    }
    return isNext;
  }

  expect(text: string, hint: string): void {
    if (!this.accept(text)) {
      throw this.fail(`expected '${text}' and found ${this.describeNext()}`, hint);
    }
  }

  /** Runs a part that is one level further in. */
  nest<Result>(parse: () => Result): Result {
    this.nesting += 1;
    if (this.nesting > maxNesting) {
      throw this.fail(`nested deeper than ${maxNesting} levels`, 'Split the template, or build the value with #set.');
    }
    const result = parse();
    this.nesting -= 1;
    return result;
  }

  /** The place of an offset, for a scanner of the text that begins there. */
  originAt(offset: number): Origin {
    return { template: this.origin.template, nesting: this.nesting, ...this.locate(offset) };
  }

  locate(offset: number): { line: number; column: number } {
    let line = this.origin.line;
    let lineStart = 0;
    for (let at = this.text.indexOf('\n'); at !== -1 && at < offset; at = this.text.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = at + 1;
    }
    const column = offset - lineStart + (lineStart === 0 ? this.origin.column : 1);
    return { line, column };
  }

  fail(problem: string, hint: string, offset = this.position): TemplateSyntaxError {
    const { line, column } = this.locate(offset);
    return new TemplateSyntaxError(problem, this.origin.template, line, column, hint);
  }

  describeNext(): string {
    const next = this.text.slice(this.position, this.position + 20).split('\n', 1)[0] ?? '';
    return this.isAtEnd ? 'the end' : next === '' ? 'the end of the line' : `'${next}'`;
  }
}
