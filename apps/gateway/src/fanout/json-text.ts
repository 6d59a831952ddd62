import type { JsonValue } from '#libs/protocol';

/** What a JSON text must escape, and lone surrogates, which are escaped so that the text has a UTF-8 form. */
// eslint-disable-next-line no-control-regex -- Control characters are the point.
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Longest string that is looked through before it is quoted, in characters: for longer ones `JSON.stringify` is faster. */
const maxScanned = 64;

/**
 * The JSON text of a value, as `JSON.stringify` writes it. Undefined is null. Faster for strings and numbers, of which
 * payloads are made (bench/projection.ts).
 */
export function jsonText(value: JsonValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return value.length <= maxScanned && !escaped.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      // A payload may hold 1e400, which JSON.parse reads as infinite.
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    default:
      return value === null ? 'null' : JSON.stringify(value);
  }
}
