import { parseArgs } from 'node:util';
import { StartError } from '#libs/config';

/** What `npm start` was asked to do. */
export interface StartArguments {
  /** Folder of the API definition. Default `examples/tasks`. */
  readonly apiDirectory: string;
  /** Folder that everything it makes is in. Default `.starling`. */
  readonly dataDirectory: string;
  /** Begin without the data of earlier runs. */
  readonly isFresh: boolean;
  readonly isHelp: boolean;
}

export const defaultDataDirectory = '.starling';

/** Reads `[DIR] [--data DIR] [--fresh] [--help]`. Throws a StartError that says what is allowed. */
export function parseStartArguments(given: readonly string[]): StartArguments {
  const { values, positionals } = parse(given, startUsage, {
    ...everywhere,
    fresh: { type: 'boolean', default: false },
  });
  if (positionals.length > 1)
    throw new StartError(`One API at a time, not ${positionals.length}: ${positionals.join(' ')}\n${startUsage}`);
  return {
    apiDirectory: positionals[0] ?? 'examples/tasks',
    dataDirectory: values.data as string,
    isFresh: values.fresh as boolean,
    isHelp: values.help as boolean,
  };
}

/** What `npm run token` was asked for. */
export interface TokenArguments {
  readonly username: string;
  readonly dataDirectory: string;
  /** Password of a user that dev.json does not list, one that signed up. */
  readonly password: string | undefined;
  readonly kind: 'id' | 'access';
}

/** Reads `USER [--data DIR] [--password P] [--access]`; `help` for `--help`. Throws a StartError that says what is allowed. */
export function parseTokenArguments(given: readonly string[]): TokenArguments | 'help' {
  const { values, positionals } = parse(given, tokenUsage, {
    ...everywhere,
    password: { type: 'string' },
    access: { type: 'boolean', default: false },
  });
  if (values.help === true) return 'help';
  const [username] = positionals;
  if (positionals.length !== 1 || !username) throw new StartError(`Name one user.\n${tokenUsage}`);
  return {
    username,
    dataDirectory: values.data as string,
    password: values.password as string | undefined,
    kind: values.access === true ? 'access' : 'id',
  };
}

/** What `npm run subscribe` was asked for. */
export interface SubscribeArguments {
  /** The text of a subscription, or the file that holds it. */
  readonly operation: string;
  /** The user who subscribes. Undefined: the API key does. */
  readonly as: string | undefined;
  /** As for a token. */
  readonly password: string | undefined;
  readonly dataDirectory: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Reads `OPERATION [--as USER] …`; `help` for `--help`. Throws a StartError that says what is allowed. */
export function parseSubscribeArguments(given: readonly string[]): SubscribeArguments | 'help' {
  const { values, positionals } = parse(given, subscribeUsage, {
    ...everywhere,
    as: { type: 'string' },
    password: { type: 'string' },
    variables: { type: 'string', default: '{}' },
  });
  if (values.help === true) return 'help';
  const [operation] = positionals;
  if (positionals.length !== 1 || !operation) throw new StartError(`Give one subscription.\n${subscribeUsage}`);
  return {
    operation,
    as: values.as as string | undefined,
    password: values.password as string | undefined,
    dataDirectory: values.data as string,
    variables: readVariables(values.variables as string),
  };
}

function readVariables(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new StartError(`--variables must be a JSON object, such as '{"boardId":"b1"}', not ${text}`);
}

export const startUsage = 'Usage: npm start [-- DIR] [--data DIR] [--fresh] [--help]';
export const tokenUsage = 'Usage: npm run -s token -- USER [--data DIR] [--password P] [--access]';
export const subscribeUsage =
  'Usage: npm run -s subscribe -- OPERATION [--as USER] [--password P] [--data DIR] [--variables JSON]';

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

const everywhere: Options = {
  data: { type: 'string', default: defaultDataDirectory },
  help: { type: 'boolean', short: 'h', default: false },
};

function parse(
  given: readonly string[],
  usage: string,
  options: Options,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (cause) {
    throw new StartError(`${(cause as Error).message}\n${usage}`, { cause });
  }
}
