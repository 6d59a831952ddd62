// What clients and publishers prove who they are with: an API key, or tokens of a file.
import { SharedArray } from 'k6/data';
import encoding from 'k6/encoding';

import { readTokens } from './tokens.js';

const decode = (base64url) => encoding.b64decode(base64url, 'rawurl', 's');

/**
 * Answers `{ credentials, faults }`: `credentials(index)` are the headers of one client. Tokens must not end before `until` (milliseconds). To be called
 * where k6 may read files: while the script is loaded.
 */
export function readCredentials({ API_KEY, TOKENS_FILE, GRAPHQL_URL }, until) {
  // AppSync's protocol wants it with credentials.
  const host = /^https?:\/\/([^/]+)/.exec(GRAPHQL_URL[0])?.[1];
  if (TOKENS_FILE === undefined) return { credentials: () => ({ host, 'x-api-key': API_KEY }), faults: [] };
  try {
    // One copy for all virtual users. The faults are part of it, because only the first of them reads the file.
    const shared = sharedTokens(TOKENS_FILE, until);
    const count = shared.length - 1;
    return { credentials: (index) => ({ host, Authorization: shared[1 + (index % count)] }), faults: shared[0] };
  } catch (error) {
    return { faults: [`TOKENS_FILE can't be read: ${error.message}`] };
  }
}

function sharedTokens(file, until) {
  return new SharedArray('tokens', () => {
    const { tokens, faults } = readTokens(open(absolute(file)), { decode, until });
    return [faults, ...tokens];
  });
}

/** k6 would look for the file beside this script. */
const absolute = (file) => (file.startsWith('/') ? file : `${__ENV.PWD}/${file}`);
