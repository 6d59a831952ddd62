import type { Node } from 'acorn';
import type { CodeFault } from './code-syntax-error.js';
import type { Lines } from './lines.js';

/** What the checks of a file find. Every check goes on after a fault, so that one reading of the report is enough. */
export class FaultList {
  private readonly faults: CodeFault[] = [];

  constructor(private readonly lines: Lines) {}

  add(node: Node, message: string, hint: string): void {
    const span = node.end - node.start;
    this.faults.push({ ...this.lines.startOf(node), span, message, hint, errorType: 'LINT_ERROR' });
  }

  /** In the order of the text; of several at one place the first that was found. */
  get sorted(): CodeFault[] {
    const places = new Map<string, CodeFault>();
    for (const fault of this.faults) {
      const place = `${fault.line}:${fault.column}`;
      places.set(place, places.get(place) ?? fault);
    }
    return [...places.values()].sort((one, other) => one.line - other.line || one.column - other.column);
  }
}
