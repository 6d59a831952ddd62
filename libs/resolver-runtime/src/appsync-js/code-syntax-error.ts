/** One thing that keeps a file of code from running. Positions count from 1, columns in UTF-16 units. */
export interface CodeFault {
  readonly line: number;
  readonly column: number;
  /** Length of the text at fault, in UTF-16 units. */
  readonly span: number;
  /** What is wrong, without the place. */
  readonly message: string;
  /** What would be right. */
  readonly hint: string;
  /** AppSync's name of the kind, as its evaluation API gives it: no JavaScript, or JavaScript that handlers cannot use. */
  readonly errorType: 'PARSER_ERROR' | 'LINT_ERROR';
}

/** Code that cannot run. Thrown at load by `compileJsHandlers` with all faults of the file, in their order. */
export class CodeSyntaxError extends Error {
  override readonly name = 'CodeSyntaxError';

  constructor(
    /** The file's name, as given in its source. */
    readonly file: string,
    readonly faults: readonly CodeFault[],
  ) {
    super(faults.map(({ line, column, message, hint }) => `${file}:${line}:${column}: ${message}. ${hint}`).join('\n'));
  }
}
