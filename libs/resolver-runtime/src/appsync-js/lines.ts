import type { Node, Position } from 'acorn';

/** Where a line ends in JavaScript. */
const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;

/**
 * Lines and columns of a file, from 1. The parser could give every node its own: that is half as much again of its time and
 * twice the objects, for the few places that are asked for.
 */
export class Lines {
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.starts = [0, ...Array.from(text.matchAll(lineEnd), (match) => match.index + match[0].length)];
  }

  startOf({ start }: Pick<Node, 'start'>): Position {
    // A file has few lines and nodes come in order, but not always: halving is quick enough for all.
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= start) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: start - (this.starts[low] ?? 0) + 1 };
  }
}
