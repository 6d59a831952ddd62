// Tokens of a file, checked before a run. Uses nothing of k6 or Node.

/**
 * Reads a file with a token on each line. `decode` reads base64url. Answers `{ tokens, faults }`, with a sentence for each token that is of
 * no use: one that ends before `until` (milliseconds), because the run would end with it. Tokens that say nothing of their end are taken.
 */
export function readTokens(text, { decode, until }) {
  const tokens = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (tokens.length === 0) return { tokens, faults: ['TOKENS_FILE has no token: it should have one on each line.'] };
  const short = tokens.filter((token) => endOf(token, decode) < until).length;
  const some = `${short} of the ${tokens.length} tokens in TOKENS_FILE`;
  const faults = short === 0 ? [] : [`${some} end before this run does: make them anew, with a longer life.`];
  return { tokens, faults };
}

function endOf(token, decode) {
  const [, claims] = token.split('.');
  try {
    const { exp } = JSON.parse(decode(claims));
    return typeof exp === 'number' ? exp * 1_000 : Infinity;
  } catch {
    // Not a JSON Web Token: an authorizer may take any text.
    return Infinity;
  }
}
