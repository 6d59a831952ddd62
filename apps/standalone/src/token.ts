import { commandLine, StartError } from '#libs/config';
import { parseTokenArguments, tokenUsage } from './arguments.js';
import { readDevFile } from './dev-file.js';
import { logInLocalUser } from './log-in.js';

const help = `${tokenUsage}

Prints a token of a user of the instance that npm start started.

  USER          a user of local.users, or one that signed up
  --data DIR    the folder that npm start was given (default .starling)
  --password P  of a user that local.users does not list
  --access      the access token; without it the id token
`;

/** Prints a token of a local user: what `npm run -s token -- jdoe` runs. */
async function printToken(): Promise<void> {
  const given = parseTokenArguments(commandLine());
  if (given === 'help') {
    process.stdout.write(help);
    return;
  }
  const { username, dataDirectory, password, kind } = given;
  const { idToken, accessToken } = await logInLocalUser(await readDevFile(dataDirectory), username, password);
  process.stdout.write(`${kind === 'access' ? accessToken : idToken}\n`);
}

printToken().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
