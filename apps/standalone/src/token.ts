import { commandLine, StartError } from '#libs/config';
import { parseTokenArguments } from './arguments.js';
import { readDevFile } from './dev-file.js';
import { logIn, userPoolClient } from './local/user-pool-accounts.js';

/** Prints a token of a local user: what `npm run -s token -- jdoe` runs. */
async function printToken(): Promise<void> {
  const { username, dataDirectory, password: given, kind } = parseTokenArguments(commandLine());
  const { userPool, users } = await readDevFile(dataDirectory);
  if (!userPool) throw new StartError('The API that was started last has no user pool.');
  const password = given ?? users.find((user) => user.username === username)?.password;
  if (!password) {
    throw new StartError(`There is no user "${username}" in dev.json (${users.map((user) => user.username).join(', ')}). Give the password with --password.`);
  }
  const client = userPoolClient(userPool.endpoint, userPool.region);
  try {
    const tokens = await logIn(client, userPool.clientId, username, password);
    process.stdout.write(`${kind === 'access' ? tokens.accessToken : tokens.idToken}\n`);
  } catch (cause) {
    const { name, message, code } = cause as Error & { code?: string };
    if (code === 'ECONNREFUSED') throw new StartError(`Nothing listens at ${userPool.endpoint}. Is npm start running?`, { cause });
    throw new StartError(`${username} could not log in: ${name}: ${message}`, { cause });
  } finally {
    client.destroy();
  }
}

printToken().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
