import { makeExactValidator } from 'envalid';

/** A whole number, 0 or more. */
export const count = makeExactValidator<number>((input) => {
  const value = Number(input);
  if (!Number.isInteger(value) || value < 0) throw new Error(`must be a whole number, not "${input}"`);
  return value;
});

/** A TCP port to listen on. 0 is none: whoever connects must know it. */
export const port = makeExactValidator<number>((input) => {
  const value = Number(input);
  if (!/^\d+$/.test(input) || value < 1 || value > 65_535)
    throw new Error(`must be a port from 1 to 65535, not "${input}"`);
  return value;
});

/** A TCP port to listen on; 0: none. */
export const optionalPort = makeExactValidator<number>((input) => {
  const value = Number(input);
  if (!/^\d+$/.test(input) || value > 65_535) throw new Error(`must be a port from 1 to 65535, or 0, not "${input}"`);
  return value;
});

/** Shortest secret that a key may be derived from, in bytes: 128 bits, what nobody can try through. */
const minSecretBytes = 16;

/** A secret, at least 16 bytes of UTF-8. Its value is never shown. */
export const secret = makeExactValidator<string>((input) => {
  const bytes = Buffer.byteLength(input);
  if (bytes < minSecretBytes) throw new Error(`must have at least ${minSecretBytes} bytes, not ${bytes}`);
  return input;
});

/** An address with one of the given schemes, kept as it was written, without a slash at its end. */
export function address(...schemes: string[]) {
  return makeExactValidator<string>((input) => parseAddress(input, schemes));
}

/** Such addresses, separated by commas. */
export function addresses(...schemes: string[]) {
  return makeExactValidator<string>((input) =>
    input
      .split(',')
      .map((part) => parseAddress(part.trim(), schemes))
      .join(','),
  );
}

function parseAddress(input: string, schemes: readonly string[]): string {
  const wanted = `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  let parsed: URL;
  try {
    parsed = new URL(input);
  } catch (cause) {
    throw new Error(`${wanted}, not "${withoutPassword(input)}"`, { cause });
  }
  if (!schemes.includes(parsed.protocol.slice(0, -1))) throw new Error(`${wanted}, not "${withoutPassword(input)}"`);
  return input.replace(/\/$/, '');
}

/** What was given, to be quoted: an address may carry a password before its `@`. */
function withoutPassword(input: string): string {
  return input.replace(/:(?!\/\/).*@/, ':***@');
}
