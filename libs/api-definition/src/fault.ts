/** A place in a file of the definition. Lines and columns count from 1. */
export interface Position {
  /** Path inside the folder, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a definition. */
export interface Fault extends Position {
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What would be right, without a full stop. Empty where the message says it. */
  readonly hint: string;
}

/** `file:line:column  what is wrong. what would be right.` */
export function formatFault({ file, line, column, message, hint }: Fault): string {
  return `${file}:${line}:${column}  ${[message, hint].filter(Boolean).map(sentence).join(' ')}`;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** Collects the faults of one load, so that a user sees all of them at once. */
export class FaultList {
  readonly #faults = new Map<string, Fault>();

  /** Adds a fault. The same fault found twice counts once. */
  add(position: Position, message: string, hint = ''): void {
    const { file, line, column } = position;
    const fault = Object.freeze({ file, line, column, message: endless(message), hint: endless(hint) });
    this.#faults.set(formatFault(fault), fault);
  }

  get isEmpty(): boolean {
    return this.#faults.size === 0;
  }

  /** In the order a reader would fix them: `starling.yaml` first, then by file, line and column. */
  sorted(): readonly Fault[] {
    return Object.freeze([...this.#faults.values()].sort(compareFaults));
  }
}

function compareFaults(a: Fault, b: Fault): number {
  const rank = (fault: Fault) => (fault.file === 'starling.yaml' ? 0 : 1);
  return rank(a) - rank(b) || compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Texts come from several parsers, with and without a full stop. */
function endless(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith('.') ? trimmed.slice(0, -1) : trimmed;
}

/** A folder that is no API. Thrown by `loadApiDefinition`; a process shows the message and does not start. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';

  /**
   * @param dir the folder as it was given
   * @param faults at least one, in the order of `FaultList.sorted`
   */
  constructor(
    readonly dir: string,
    readonly faults: readonly Fault[],
  ) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super([`The API definition ${dir} has ${count}:`, ...faults.map(formatFault)].join('\n'));
  }
}
