/**
 * Attributes as OpenTelemetry has them in one variable: `name=value`, separated by commas, values percent-encoded.
 *
 * @throws Error that says which of them is none
 */
export function parseResourceAttributes(input: string): Readonly<Record<string, string>> {
  const pairs = input
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map(parsePair));
}

function parsePair(pair: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(pair) ?? [];
  const decoded = value === undefined ? undefined : decode(value);
  if (name === undefined || decoded === undefined)
    throw new Error(`must be name=value, separated by commas and percent-encoded, and "${pair}" is not`);
  return [name, decoded];
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
