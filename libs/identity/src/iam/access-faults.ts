import type { LineCounter, Node } from 'yaml';

/** One thing that is wrong with an access file. */
export interface AccessFault {
  /** Counts from 1. */
  readonly line: number;
  /** `accessKeys[0].allow[1]`; empty for the file as a whole. */
  readonly place: string;
  /** What is wrong and what to write, in sentences. Never holds a secret. */
  readonly message: string;
}

/** An access file that cannot be used. Thrown at the start; later the contents before it stay in force. */
export class IamAccessError extends Error {
  override readonly name = 'IamAccessError';

  /** @param faults at least one, in the order of the file */
  constructor(readonly faults: readonly AccessFault[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super([`The IAM access file has ${count}:`, ...faults.map(formatFault)].join('\n'));
  }
}

function formatFault({ line, place, message }: AccessFault): string {
  return [`line ${line}`, place, message].filter(Boolean).join(': ');
}

/** A value of the file with its place. */
export interface Place {
  /** Null where the file says nothing. */
  readonly node: Node | null;
  readonly path: string;
}

/** Collects the faults of one reading, so that whoever writes the file sees all of them at once. */
export class AccessFaults {
  readonly #faults: AccessFault[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  add(place: Place, message: string): void {
    this.#faults.push(Object.freeze({ line: this.lineOf(place), place: place.path, message }));
  }

  lineOf({ node }: Place): number {
    return this.lineAt(node?.range?.[0] ?? 0);
  }

  lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  sorted(): readonly AccessFault[] {
    return [...this.#faults].sort((a, b) => a.line - b.line);
  }
}
