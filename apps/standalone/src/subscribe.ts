import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createClient } from 'graphql-ws';
import { commandLine, StartError } from '#libs/config';
import { defaultDataDirectory } from './arguments.js';
import { readDevFile } from './dev-file.js';
import { logInLocalUser } from './log-in.js';

const usage = `Usage: npm run -s subscribe -- OPERATION [--as USER] [--data DIR]

  OPERATION  a subscription, or the file that holds it`;

/** Prints what a subscription delivers, one line of JSON each: what `npm run -s subscribe` runs. Ends when the subscription does. */
async function subscribe(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...commandLine()],
    options: { as: { type: 'string' }, data: { type: 'string', default: defaultDataDirectory } },
    allowPositionals: true,
  });
  const [operation] = positionals;
  if (!operation || positionals.length > 1) throw new StartError(usage);
  const query = operation.includes('{') ? operation : await readFile(operation, 'utf8');
  const dev = await readDevFile(values.data);
  const client = createClient({
    url: dev.realtimeUrl,
    retryAttempts: 0,
    connectionParams: async () =>
      values.as
        ? { Authorization: (await logInLocalUser(dev, values.as)).idToken }
        : { 'x-api-key': dev.apiKey ?? undefined },
  });
  client.on('connected', () => process.stderr.write('Connected. Waiting for events; stop with Ctrl-C.\n'));
  for await (const result of client.iterate({ query })) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.stderr.write('The subscription has ended.\n');
}

subscribe().catch((error: unknown) => {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
});

/** A refusal is a list of GraphQL errors, a closed connection an event with code and reason. */
function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (Array.isArray(error)) return error.map(({ message }: { message?: string }) => message ?? '').join('\n');
  const { code, reason } = error as { code?: number; reason?: string };
  return code ? `The connection was closed: ${code} ${reason ?? ''}` : 'Nothing answers. Is npm start running?';
}
