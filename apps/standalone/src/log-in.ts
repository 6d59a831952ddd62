import { StartError } from '#libs/config';
import type { DevFile } from './dev-file.js';
import { oidcToken } from './local/oidc-sign-in.js';
import { logIn, userPoolClient } from './local/user-pool-accounts.js';

/**
 * Logs a user of the local pool in. `password`: of a user that dev.json does not list, one that signed up. Throws a StartError
 * that says what is missing.
 */
export async function logInLocalUser(
  { userPool, users }: Pick<DevFile, 'userPool' | 'users'>,
  username: string,
  password?: string,
): Promise<{ readonly idToken: string; readonly accessToken: string }> {
  if (!userPool) throw new StartError('The API that was started last has no user pool.');
  const secret = passwordOf(users, username, password);
  const client = userPoolClient(userPool.endpoint, userPool.region);
  try {
    return await logIn(client, userPool.clientId, username, secret);
  } catch (cause) {
    const { name, message, code } = cause as Error & { code?: string };
    if (code === 'ECONNREFUSED')
      throw new StartError(`Nothing listens at ${userPool.endpoint}. Is npm start running?`, { cause });
    throw new StartError(`${username} could not log in: ${name}: ${message}`, { cause });
  } finally {
    client.destroy();
  }
}

/** The ID token that a user gets from the local OpenID Connect issuer. Throws a StartError that says what is missing. */
export async function signInLocalUser(
  { oidc, users }: Pick<DevFile, 'oidc' | 'users'>,
  username: string,
  password?: string,
): Promise<string> {
  if (!oidc) throw new StartError('The API that was started last has no local OpenID Connect issuer.');
  return oidcToken(oidc, username, passwordOf(users, username, password));
}

function passwordOf(users: DevFile['users'], username: string, given: string | undefined): string {
  const password = given ?? users.find((user) => user.username === username)?.password;
  if (password) return password;
  const known = users.map((user) => user.username).join(', ');
  throw new StartError(
    `There is no user "${username}" in dev.json (there are: ${known}). Give the password with --password.`,
  );
}
