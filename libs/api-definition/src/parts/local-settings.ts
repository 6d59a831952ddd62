import type { FaultList } from '../fault.js';
import { suggest } from '../suggest.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { KeySettings, LocalAccessKeySettings, LocalTableSettings, LocalUserSettings } from '../yaml/settings.js';
import type { TryStep } from './try-steps.js';

/** What a laptop run creates before the API starts: a user pool, its users, access keys, tables. All lists may be empty. */
export interface LocalSettings {
  readonly users: readonly LocalUser[];
  /** Every group that a user is in is one of these. */
  readonly groups: readonly string[];
  /** None has the name of a user. */
  readonly accessKeys: readonly LocalAccessKey[];
  /** What the Lambda authorizer lets in, as the definition says; whether it does is its own affair. Null: not said. */
  readonly lambdaToken: string | null;
  readonly tables: readonly LocalTable[];
  /** What to show to someone who has just started the API, in order. */
  readonly try: readonly TryStep[];
}

export interface LocalUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
  /** Cognito user attributes, which become claims of the id token. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Somebody who signs requests, as in an access file (docs/reference/iam.md); the key itself is made at the first start. */
export interface LocalAccessKey {
  readonly username: string;
  /** Null: resolvers see none. */
  readonly userArn: string | null;
  /** Patterns of fields. */
  readonly allow: readonly string[];
  /** Wins over `allow`. */
  readonly deny: readonly string[];
}

export interface LocalTable {
  readonly tableName: string;
  readonly partitionKey: LocalKey;
  /** Null: the table has a partition key only. */
  readonly sortKey: LocalKey | null;
  readonly globalSecondaryIndexes: readonly LocalIndex[];
}

/** An index over all attributes of the table. */
export interface LocalIndex {
  readonly indexName: string;
  readonly partitionKey: LocalKey;
  readonly sortKey: LocalKey | null;
}

export interface LocalKey {
  readonly name: string;
  /** DynamoDB's type. Default S, text. */
  readonly type: 'S' | 'N' | 'B';
}

/** Reads `local` except for its steps, which need the schema. Doubled names and unknown groups are faults. */
export function readLocalSettings(settings: CheckedSettings, faults: FaultList): Omit<LocalSettings, 'try'> {
  const groups = settings.readList<string>(['local', 'groups']);
  const users = settings.readList<LocalUserSettings>(['local', 'users']);
  const accessKeys = settings.readList<LocalAccessKeySettings>(['local', 'accessKeys']);
  const tables = settings.readList<LocalTableSettings>(['local', 'tables']);
  const once = new OnceEach(settings, faults);
  for (const { value, path } of groups) once.check('group', value, path);
  for (const { value, path } of users) once.check('user', value.username, [...path, 'username']);
  for (const { value, path } of accessKeys) once.check('user', value.username, [...path, 'username']);
  for (const { value, path } of tables) once.check('table', value.tableName, [...path, 'tableName']);

  const groupNames = new Set(groups.map(({ value }) => value));
  for (const { value: user, path } of users) {
    for (const [index, group] of (user.groups ?? []).entries()) {
      if (groupNames.has(group)) continue;
      const position = settings.file.positionOf([...path, 'groups', index]);
      faults.add(position, `There is no group "${group}"`, suggest(group, groupNames, 'Add it to local.groups'));
    }
  }
  return {
    groups: [...groupNames],
    users: users.map(({ value }) => toUser(value)),
    accessKeys: accessKeys.map(({ value }) => toAccessKey(value)),
    lambdaToken: settings.read('local')?.lambdaToken ?? null,
    tables: tables.map(({ value }) => toTable(value)),
  };
}

/** Reports a name that something of the same kind has already. */
class OnceEach {
  readonly #seen = new Set<string>();

  constructor(
    private readonly settings: CheckedSettings,
    private readonly faults: FaultList,
  ) {}

  check(kind: string, name: string, path: readonly (string | number)[]): void {
    const id = `${kind} ${name}`;
    if (this.#seen.has(id)) {
      this.faults.add(this.settings.file.positionOf(path), `There is another ${kind} "${name}"`, 'Remove one of them');
    }
    this.#seen.add(id);
  }
}

function toUser({ username, password, groups, attributes }: LocalUserSettings): LocalUser {
  return { username, password, groups: groups ?? [], attributes: attributes ?? {} };
}

function toAccessKey({ username, userArn, allow, deny }: LocalAccessKeySettings): LocalAccessKey {
  return { username, userArn: userArn ?? null, allow, deny: deny ?? [] };
}

function toTable({ tableName, partitionKey, sortKey, globalSecondaryIndexes }: LocalTableSettings): LocalTable {
  return {
    tableName,
    partitionKey: toKey(partitionKey),
    sortKey: sortKey === undefined ? null : toKey(sortKey),
    globalSecondaryIndexes: (globalSecondaryIndexes ?? []).map((index) => ({
      indexName: index.indexName,
      partitionKey: toKey(index.partitionKey),
      sortKey: index.sortKey === undefined ? null : toKey(index.sortKey),
    })),
  };
}

function toKey(key: KeySettings): LocalKey {
  return typeof key === 'string' ? { name: key, type: 'S' } : { name: key.name, type: key.type ?? 'S' };
}
