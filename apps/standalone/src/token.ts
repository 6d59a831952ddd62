import { commandLine, StartError } from '#libs/config';
import { parseTokenArguments } from './arguments.js';
import { readDevFile } from './dev-file.js';
import { logInLocalUser } from './log-in.js';

/** Prints a token of a local user: what `npm run -s token -- jdoe` runs. */
async function printToken(): Promise<void> {
  const { username, dataDirectory, password, kind } = parseTokenArguments(commandLine());
  const { idToken, accessToken } = await logInLocalUser(await readDevFile(dataDirectory), username, password);
  process.stdout.write(`${kind === 'access' ? accessToken : idToken}\n`);
}

printToken().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
