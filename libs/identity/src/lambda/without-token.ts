/** Longest chain of causes that is told. */
const maxCauses = 5;

/** Characters that are told. They are counted after the token was cut out, or half a token could be left at the end. */
const maxLength = 1_000;

/**
 * An error for the log in place of one that came from outside: the texts of the error and its causes, without the token. A service
 * that was sent a token may quote it in what it answers, and whole errors of clients hold requests and responses.
 */
export function withoutToken(error: Error, token: string): Error {
  const told = new Error(cutToken(textsOf(error).join(' ← '), token).slice(0, maxLength));
  told.name = error.name;
  return told;
}

function textsOf(error: Error): string[] {
  const texts: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && texts.length < maxCauses; cause = cause.cause) {
    const { code, message, name } = cause as NodeJS.ErrnoException;
    texts.push(message || code || name);
  }
  return texts;
}

/** As it was sent, as it stands in JSON, and without its scheme. */
function cutToken(text: string, token: string): string {
  const spellings = [token, JSON.stringify(token).slice(1, -1), token.replace(/^bearer\s+/i, '')];
  return spellings.reduce((cut, spelling) => cut.replaceAll(spelling, '***'), text);
}
