/**
 * A place in a log, after one entry and before the next. Opaque to users of the log: compare two only through the log
 * that gave them, and hand them to clients as cursors (`encodeCursor`).
 *
 * An entry id alone is not enough: a log that was flushed starts to give ids again, and the same id would name another
 * entry. The epoch names one unbroken history, so a position of another history is known as such.
 */
export interface Position {
  readonly epoch: string;
  readonly partition: string;
  /** `<milliseconds>-<counter>`, both decimal and without leading zeros; `0-0` is before the first entry. */
  readonly id: string;
}

/** The id before every entry. */
export const originId = '0-0';

/** Negative when `a` is before `b`, positive when after, 0 when they are the same id. */
export function compareIds(a: string, b: string): number {
  const [aTime, aCounter] = splitId(a);
  const [bTime, bCounter] = splitId(b);
  return compareDecimals(aTime, bTime) || compareDecimals(aCounter, bCounter);
}

/** When Redis wrote the entry of an id: milliseconds since the epoch, by its clock. */
export function timeOfId(id: string): number {
  return Number(splitId(id)[0]);
}

function splitId(id: string): [string, string] {
  const dash = id.indexOf('-');
  return [id.slice(0, dash), id.slice(dash + 1)];
}

/** Both parts of an id may be as large as 2^64 - 1, so they are compared as text: the longer one is larger. */
function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
