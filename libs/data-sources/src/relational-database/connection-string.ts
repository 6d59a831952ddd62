/**
 * The parts of a connection string.
 *
 * @throws RangeError for a text that is none, without the text: it has a password in it
 */
export function parseConnectionString(text: string, schemes: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.includes(url.protocol.slice(0, -1))) {
    throw new RangeError(`A connection string must be like ${schemes[0]}://user:password@host/database.`);
  }
  return url;
}
