/** A template that cannot run. Thrown at load by `compileVtlHandlers`; nothing starts on a definition that has one. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';

  constructor(
    /** What is wrong, without the place. */
    readonly problem: string,
    /** The template's name, as given in its source. */
    readonly template: string,
    /** Counted from 1. */
    readonly line: number,
    /** Counted from 1, in UTF-16 units. */
    readonly column: number,
    /** What would be right. */
    readonly hint: string,
  ) {
    super(`${template}:${line}:${column}: ${problem}. ${hint}`);
  }
}
