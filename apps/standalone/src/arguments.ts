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

/** Something to authenticate with: a token of the user pool or of the issuer, or what stands in dev.json. */
export type CredentialKind = 'id' | 'access' | 'oidc' | 'api-key' | 'lambda' | 'iam';

/** What `npm run token` was asked for. */
export interface TokenArguments {
  readonly kind: CredentialKind;
  /** Whose: a user of the user pool or of the issuer, or whoever signs with an access key. Undefined: the first, or nobody's. */
  readonly username: string | undefined;
  readonly dataDirectory: string;
  /** Password of a user that dev.json does not list, one that signed up. */
  readonly password: string | undefined;
}

/** Which of them belong to one of several people. */
const needsUser: ReadonlySet<CredentialKind> = new Set(['id', 'access', 'oidc']);
const takesUser: ReadonlySet<CredentialKind> = new Set([...needsUser, 'iam']);

/** Reads `USER [--access | --oidc]` and the others of the usage; `help` for `--help`. Throws a StartError that says what is allowed. */
export function parseTokenArguments(given: readonly string[]): TokenArguments | 'help' {
  const { values, positionals } = parse(given, tokenUsage, {
    ...everywhere,
    password: { type: 'string' },
    ...flags(['access', 'oidc', 'api-key', 'lambda', 'iam']),
  });
  if (values.help === true) return 'help';
  const kind = readKind(values, ['access', 'oidc', 'api-key', 'lambda', 'iam'], tokenUsage) ?? 'id';
  const [username] = positionals;
  if (positionals.length > 1 || (needsUser.has(kind) && !username))
    throw new StartError(`Name one user.\n${tokenUsage}`);
  if (username !== undefined && !takesUser.has(kind))
    throw new StartError(`--${kind} is nobody's: leave ${username} out.`);
  return {
    kind,
    username,
    dataDirectory: values.data as string,
    password: values.password as string | undefined,
  };
}

function flags(names: readonly string[]): Options {
  return Object.fromEntries(names.map((name) => [name, { type: 'boolean', default: false }]));
}

/** The one flag that was given, if one was. */
function readKind(
  values: Readonly<Record<string, unknown>>,
  kinds: readonly CredentialKind[],
  usage: string,
): CredentialKind | undefined {
  const chosen = kinds.filter((kind) => values[kind] === true);
  if (chosen.length > 1)
    throw new StartError(`Choose one of ${chosen.map((kind) => `--${kind}`).join(', ')}.\n${usage}`);
  return chosen[0];
}

/** What `npm run subscribe` was asked for. */
export interface SubscribeArguments {
  /** The text of a subscription, or the file that holds it. */
  readonly operation: string;
  readonly kind: CredentialKind;
  /** Whose credentials. Undefined as for a token. */
  readonly as: string | undefined;
  /** As for a token. */
  readonly password: string | undefined;
  readonly dataDirectory: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Reads `OPERATION [--as USER [--oidc]] …`; `help` for `--help`. Throws a StartError that says what is allowed. */
export function parseSubscribeArguments(given: readonly string[]): SubscribeArguments | 'help' {
  const { values, positionals } = parse(given, subscribeUsage, {
    ...everywhere,
    as: { type: 'string' },
    password: { type: 'string' },
    ...flags(['oidc', 'lambda', 'iam']),
    variables: { type: 'string', default: '{}' },
  });
  if (values.help === true) return 'help';
  const [operation] = positionals;
  if (positionals.length !== 1 || !operation) throw new StartError(`Give one subscription.\n${subscribeUsage}`);
  const as = values.as as string | undefined;
  const kind = readKind(values, ['oidc', 'lambda', 'iam'], subscribeUsage) ?? (as === undefined ? 'api-key' : 'id');
  if (kind === 'oidc' && as === undefined) throw new StartError(`--oidc needs --as USER.\n${subscribeUsage}`);
  if (kind === 'lambda' && as !== undefined) throw new StartError(`--lambda is nobody's: leave --as ${as} out.`);
  return {
    operation,
    kind,
    as,
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
export const tokenUsage =
  'Usage: npm run -s token -- USER [--access | --oidc] [--password P] [--data DIR]\n' +
  '       npm run -s token -- --api-key | --lambda | [NAME] --iam [--data DIR]';
export const subscribeUsage =
  'Usage: npm run -s subscribe -- OPERATION [--as USER [--oidc] | --lambda | --iam] [--password P] [--data DIR] [--variables JSON]';

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
