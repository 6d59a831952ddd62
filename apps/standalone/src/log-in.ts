import { StartError } from '#libs/config';
import type { DevFile } from './dev-file.js';
import { logIn, userPoolClient } from './local/user-pool-accounts.js';

/**
 * Logs a user of the local pool in. `password`: of a user that dev.json does not list, one that signed up. Throws a StartError
 * that says what is missing.
 */
export async function logInLocalUser(
  { userPool, users }: DevFile,
  username: string,
  password = users.find((user) => user.username === username)?.password,
): Promise<{ readonly idToken: string; readonly accessToken: string }> {
  if (!userPool) throw new StartError('The API that was started last has no user pool.');
  if (!password) {
    const known = users.map((user) => user.username).join(', ');
    throw new StartError(
      `There is no user "${username}" in dev.json (there are: ${known}). Give the password with --password.`,
    );
  }
  const client = userPoolClient(userPool.endpoint, userPool.region);
  try {
    return await logIn(client, userPool.clientId, username, password);
  } catch (cause) {
    const { name, message, code } = cause as Error & { code?: string };
    if (code === 'ECONNREFUSED')
      throw new StartError(`Nothing listens at ${userPool.endpoint}. Is npm start running?`, { cause });
    throw new StartError(`${username} could not log in: ${name}: ${message}`, { cause });
  } finally {
    client.destroy();
  }
}
