import { randomBytes } from 'node:crypto';
import type { LocalAccessKey } from '#libs/api-definition';
import { writePrivate } from '../data-folder.js';
import type { KeyPair, LocalState } from '../data-folder.js';
import type { LocalKeyPair } from '../dev-file.js';

/** Who signs where a definition with AWS_IAM names nobody. */
const everything: LocalAccessKey = { username: 'local', userArn: null, allow: ['*'], deny: [] };

/**
 * Writes the access file (docs/reference/iam.md) with the keys that a definition names, or one that may everything. Key pairs stay in
 * `state`, by user name; what they may access is the definition's, each time anew. Answers the pairs, in their order.
 */
export async function writeAccessFile(
  file: string,
  accessKeys: readonly LocalAccessKey[],
  state: LocalState,
): Promise<readonly LocalKeyPair[]> {
  const named = accessKeys.length > 0 ? accessKeys : [everything];
  const pairs = (state.accessKeys ??= {});
  const keys = named.map(({ username, userArn, allow, deny }) => {
    const pair = (pairs[username] ??= createKeyPair());
    return { ...pair, username, ...(userArn !== null && { userArn }), allow, deny };
  });
  await writePrivate(file, `${JSON.stringify({ accessKeys: keys }, null, 2)}\n`);
  return keys.map(({ username, accessKeyId, secretAccessKey }) => ({ username, accessKeyId, secretAccessKey }));
}

/** In AWS's form, with a beginning that none of AWS's has. */
function createKeyPair(): KeyPair {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').slice(0, 15).toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}
