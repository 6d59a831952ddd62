import { readFile } from 'node:fs/promises';
import { commandLine, StartError } from '#libs/config';
import { parseSubscribeArguments, subscribeUsage } from './arguments.js';
import type { SubscribeArguments } from './arguments.js';
import { readDevFile } from './dev-file.js';
import type { DevFile } from './dev-file.js';
import { runAppSyncSubscription } from './subscribe/appsync-subscription.js';
import { authorization } from './subscribe/authorization.js';
import type { Authorize } from './subscribe/authorization.js';

const help = `${subscribeUsage}

Prints what a subscription delivers, one line of JSON each, until it ends or Ctrl-C.

  OPERATION         a subscription, or the file that holds it
  --as USER         subscribe as this user of the user pool; without it with the API key
  --oidc            with a token of the OpenID Connect issuer
  --lambda          with the token for the Lambda authorizer
  --iam             signed with an access key: that of --as, one of local.accessKeys, or the first
  --password P      of a user that local.users does not list
  --data DIR        the folder that npm start was given (default .starling)
  --variables JSON  values of the operation's variables, such as '{"boardId":"b1"}'
`;

/** Prints what a subscription delivers: what `npm run -s subscribe` runs. Ends when the subscription does. */
async function subscribe(): Promise<void> {
  const given = parseSubscribeArguments(commandLine());
  if (given === 'help') {
    process.stdout.write(help);
    return;
  }
  const query = await readOperation(given.operation);
  const dev = await readDevFile(given.dataDirectory);
  await runAppSyncSubscription({
    url: dev.realtimeUrl,
    authorize: await authorizationOf(dev, given),
    query,
    variables: given.variables,
    onLive: () => process.stderr.write('Subscribed. Waiting for events; stop with Ctrl-C.\n'),
    onDelivery: (delivery) => process.stdout.write(`${JSON.stringify(delivery)}\n`),
  });
  process.stderr.write('The subscription has ended.\n');
}

/** A document has a brace, the name of a file hardly ever. */
async function readOperation(operation: string): Promise<string> {
  if (operation.includes('{')) return operation;
  try {
    return await readFile(operation, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StartError(
      code === 'ENOENT' ? `There is no file ${operation}` : `${operation} can't be read: ${message}`,
      {
        cause,
      },
    );
  }
}

async function authorizationOf(dev: DevFile, given: SubscribeArguments): Promise<Authorize> {
  if (given.kind !== 'api-key' || dev.apiKey) return authorization(dev, given);
  const names = dev.users.map(({ username }) => username).join(', ');
  throw new StartError(`The API takes no API keys. Add --as USER${names && ` (${names})`}`);
}

subscribe().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
