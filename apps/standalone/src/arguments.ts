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
  const { values, positionals } = parse(given, {
    data: { type: 'string', default: defaultDataDirectory },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
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

/** Reads `USER [--data DIR] [--password P] [--access]`. Throws a StartError that says what is allowed. */
export function parseTokenArguments(given: readonly string[]): TokenArguments {
  const { values, positionals } = parse(given, {
    data: { type: 'string', default: defaultDataDirectory },
    password: { type: 'string' },
    access: { type: 'boolean', default: false },
  });
  const [username] = positionals;
  if (positionals.length !== 1 || !username) throw new StartError(`Name one user.\n${tokenUsage}`);
  return {
    username,
    dataDirectory: values.data as string,
    password: values.password as string | undefined,
    kind: values.access === true ? 'access' : 'id',
  };
}

export const startUsage = 'Usage: npm start [-- DIR] [--data DIR] [--fresh] [--help]';
export const tokenUsage = 'Usage: npm run -s token -- USER [--data DIR] [--password P] [--access]';

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function parse(given: readonly string[], options: Options): { values: Record<string, unknown>; positionals: string[] } {
  const usage = options && 'fresh' in options ? startUsage : tokenUsage;
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (cause) {
    throw new StartError(`${(cause as Error).message}\n${usage}`, { cause });
  }
}
