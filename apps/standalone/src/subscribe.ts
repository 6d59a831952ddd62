import { readFile } from 'node:fs/promises';
import { commandLine, StartError } from '#libs/config';
import { parseSubscribeArguments, subscribeUsage } from './arguments.js';
import type { SubscribeArguments } from './arguments.js';
import { readDevFile } from './dev-file.js';
import type { DevFile } from './dev-file.js';
import { logInLocalUser } from './log-in.js';
import { runAppSyncSubscription } from './subscribe/appsync-subscription.js';

const help = `${subscribeUsage}

Prints what a subscription delivers, one line of JSON each, until it ends or Ctrl-C.

  OPERATION         a subscription, or the file that holds it
  --as USER         subscribe as this user; without it with the API key
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
    authorization: { host: new URL(dev.graphqlUrl).host, ...(await credentials(dev, given)) },
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

async function credentials(dev: DevFile, { as, password }: SubscribeArguments): Promise<Record<string, string>> {
  if (as !== undefined) return { Authorization: (await logInLocalUser(dev, as, password)).idToken };
  if (dev.apiKey) return { 'x-api-key': dev.apiKey };
  const names = dev.users.map(({ username }) => username).join(', ');
  throw new StartError(`The API takes no API keys. Add --as USER${names && ` (${names})`}`);
}

subscribe().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
