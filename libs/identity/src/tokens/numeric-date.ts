import type { JsonValue } from '#libs/protocol';

/** The last second that a Date can hold. `1e300` and `1e999` are JSON as well, and would be a token that never ends. */
const lastSecond = 8_640_000_000_000;

/** Seconds since the epoch (RFC 7519, section 2). */
export function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Math.abs(value) <= lastSecond;
}
