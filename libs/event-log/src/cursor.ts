import type { Position } from './position.js';

/** Raised by `decodeCursor`; whoever took the text from a client answers that client that its cursor is invalid. */
export class CursorInvalidError extends Error {
  override readonly name = 'CursorInvalidError';
}

/** Changes when the fields do, so a cursor of another release is refused by name instead of being misread. */
const version = '1';

/** Longest cursor that is looked at, in characters: twice the longest that is made, so junk costs nothing. */
const maxLength = 512;

/** Fifteen digits a part: far beyond any clock, and within what a log can be asked for, so a forged id stays a plain gap. */
const fields = /^([^.]*)\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})\.((?:0|[1-9]\d{0,14})-(?:0|[1-9]\d{0,14}))$/;

/** The text that a client keeps and gives back to resume. URL-safe; says nothing of the entry's content. */
export function encodeCursor(position: Position): string {
  const text = `${version}.${position.epoch}.${position.partition}.${position.id}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}

/**
 * The position that a cursor names. Throws `CursorInvalidError` for anything `encodeCursor` did not make. That the text
 * is well formed does not say that the log still reaches back to it: reading from it tells (`onGap`).
 */
export function decodeCursor(text: string): Position {
  if (text.length === 0 || text.length > maxLength) {
    throw new CursorInvalidError(`A cursor has 1 to ${maxLength} characters; this one has ${text.length}.`);
  }
  const decoded = Buffer.from(text, 'base64url').toString('latin1');
  const match = fields.exec(decoded);
  // Decoding skips characters that are not base64url, so only the canonical spelling is taken.
  if (!match || Buffer.from(decoded, 'latin1').toString('base64url') !== text) {
    throw new CursorInvalidError('The cursor is damaged: give back a cursor exactly as it was delivered.');
  }
  const [, given, epoch, partition, id] = match as unknown as [string, string, string, string, string];
  if (given !== version)
    throw new CursorInvalidError(`The cursor is of version "${given}"; this server reads version ${version}.`);
  return { epoch, partition, id };
}
