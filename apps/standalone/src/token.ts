import { commandLine, StartError } from '#libs/config';
import { parseTokenArguments, tokenUsage } from './arguments.js';
import { credentialText } from './dev-credentials.js';
import { readDevFile } from './dev-file.js';

const help = `${tokenUsage}

Prints something to authenticate with at the instance that npm start started.

  USER          a user of local.users, or of the user pool one that signed up
  --access      the access token of the user pool; without it the ID token
  --oidc        the ID token of the OpenID Connect issuer
  --password P  of a user that local.users does not list
  --api-key     the API key
  --lambda      the token for the Lambda authorizer
  --iam         an access key and its secret, ID:SECRET, as curl --user takes them
  NAME          who signs with it: one of local.accessKeys (default the first)
  --data DIR    the folder that npm start was given (default .starling)
`;

/** Prints credentials: what `npm run -s token -- jdoe` runs. */
async function printToken(): Promise<void> {
  const given = parseTokenArguments(commandLine());
  if (given === 'help') {
    process.stdout.write(help);
    return;
  }
  process.stdout.write(`${await credentialText(await readDevFile(given.dataDirectory), given)}\n`);
}

printToken().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
