import type { JsonValue } from '#libs/protocol';

/**
 * What AWS's client answered, as the JSON that Bedrock sent: bytes are base64, numbers with more digits than a double has are the
 * nearest one, and an alternative that is newer than the client stands under its name.
 */
export function toJson(value: unknown): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return (value ?? null) as JsonValue;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isNumericValue(value)) return Number(value.string);
  if ('$unknown' in value) {
    const [name, newer] = value.$unknown as [string, unknown];
    return { [name]: toJson(newer) };
  }
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(members.map(([name, one]) => [name, toJson(one)]));
}

/** The client's own class for such a number; it is not to be had from there, and data are plain objects. */
function isNumericValue(value: object): value is { readonly string: string } {
  return 'string' in value && Object.getPrototypeOf(value) !== Object.prototype;
}
