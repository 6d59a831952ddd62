import { RE2JS } from 're2js';
import type { FaultList } from '../fault.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { AdditionalProviderSettings, ApiKeySettings, UserPoolSettings } from '../yaml/settings.js';
import type { Path } from '../yaml/yaml-file.js';
import { parseExpiry } from './parse-expiry.js';

/** How requests prove who they are. */
export interface Authentication {
  /** Applies to every field without a directive. */
  readonly default: AuthenticationProvider;
  /** Apply only to fields and types whose directives name their mode. */
  readonly additional: readonly AuthenticationProvider[];
}

/** One way in which requests prove who they are. */
export type AuthenticationProvider = ApiKeyProvider | UserPoolProvider;

export interface ApiKeyProvider {
  readonly authenticationType: 'API_KEY';
  readonly apiKeys: readonly ApiKey[];
}

export interface ApiKey {
  /** For logs and metrics; the key itself never goes there. */
  readonly id: string;
  readonly key: string;
  /** Milliseconds since 1970. Null: never. */
  readonly expiresAtMs: number | null;
}

export interface UserPoolProvider {
  readonly authenticationType: 'AMAZON_COGNITO_USER_POOLS';
  readonly userPoolConfig: UserPoolConfig;
}

export interface UserPoolConfig {
  readonly userPoolId: string;
  readonly awsRegion: string;
  /** Of fields without a directive. Default ALLOW. */
  readonly defaultAction: 'ALLOW' | 'DENY';
  /** Matched against the whole id of the app client. Null: any client of the pool. */
  readonly appIdClientRegex: string | null;
}

/** Reads the ways to authenticate. Undefined when the default one is unusable; the faults say why. */
export function readAuthentication(settings: CheckedSettings, faults: FaultList): Authentication | undefined {
  const apiKeys = readApiKeys(settings, faults);
  const main = settings.read('authenticationType');
  const additional = settings.readList<AdditionalProviderSettings>(['additionalAuthenticationProviders']);
  checkUserPools(settings, additional, faults);
  checkApiKeyMode(settings, main, additional, faults);

  const build = (entry: Partial<AdditionalProviderSettings>): AuthenticationProvider | undefined => {
    if (entry.authenticationType === 'API_KEY') return { authenticationType: 'API_KEY', apiKeys };
    if (entry.authenticationType === undefined || entry.userPoolConfig === undefined) return undefined;
    return { authenticationType: entry.authenticationType, userPoolConfig: userPool(entry.userPoolConfig) };
  };
  const provider = build({ authenticationType: main, userPoolConfig: settings.read('userPoolConfig') });
  return (
    provider && {
      default: provider,
      additional: additional.map(({ value }) => build(value)).filter((one) => one !== undefined),
    }
  );
}

function userPool({ userPoolId, awsRegion, defaultAction, appIdClientRegex }: UserPoolSettings): UserPoolConfig {
  return { userPoolId, awsRegion, defaultAction: defaultAction ?? 'ALLOW', appIdClientRegex: appIdClientRegex ?? null };
}

function readApiKeys(settings: CheckedSettings, faults: FaultList): readonly ApiKey[] {
  const ids = new Set<string>();
  const keys = new Set<string>();
  return settings.readList<ApiKeySettings>(['apiKeys']).map(({ value, path }) => {
    const fault = (member: string, message: string, hint: string) =>
      faults.add(settings.file.positionOf([...path, member]), message, hint);
    if (ids.has(value.id)) fault('id', `There is another API key with the id "${value.id}"`, 'Give each its own');
    if (keys.has(value.key)) fault('key', `The API key "${value.id}" has the secret of another`, 'Give each its own');
    ids.add(value.id);
    keys.add(value.key);
    const expiresAtMs = value.expires === undefined ? null : parseExpiry(value.expires);
    if (expiresAtMs === undefined && !settings.file.isOpen([...path, 'expires'])) {
      fault(
        'expires',
        `"expires" of the API key "${value.id}" is no time`,
        'Write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970',
      );
    }
    return { id: value.id, key: value.key, expiresAtMs: expiresAtMs ?? null };
  });
}

type Additional = readonly { readonly value: AdditionalProviderSettings; readonly path: Path }[];

function checkApiKeyMode(
  settings: CheckedSettings,
  main: string | undefined,
  additional: Additional,
  faults: FaultList,
): void {
  const uses = [{ mode: main, path: ['authenticationType'] as Path }].concat(
    additional.map(({ value, path }) => ({ mode: value.authenticationType, path: [...path, 'authenticationType'] })),
  );
  const byKey = uses.filter(({ mode }) => mode === 'API_KEY');
  const { file } = settings;
  const hasKeys = Object.hasOwn(file.data as object, 'apiKeys');
  if (byKey[0] && !hasKeys) {
    faults.add(
      file.positionOf(byKey[0].path),
      'API_KEY needs "apiKeys"',
      'Add apiKeys: [{ id: default, key: "${STARLING_API_KEY}" }]',
    );
  }
  if (byKey[1])
    faults.add(file.positionOf(byKey[1].path), 'API_KEY is named twice', 'An API has it once, with all its apiKeys');
  if (main !== undefined && byKey.length === 0 && hasKeys) {
    faults.add(
      file.positionOfKey(['apiKeys']),
      'The API has "apiKeys", and no authentication uses them',
      'Add API_KEY to additionalAuthenticationProviders, or remove them',
    );
  }
}

function checkUserPools(settings: CheckedSettings, additional: Additional, faults: FaultList): void {
  const { file } = settings;
  const main = settings.read('userPoolConfig');
  if (main && settings.read('authenticationType') === 'API_KEY') {
    faults.add(
      file.positionOfKey(['userPoolConfig']),
      'The API has a "userPoolConfig", and its authenticationType is API_KEY',
      'Move it to additionalAuthenticationProviders, or remove it',
    );
  }
  const pools = main ? [{ pool: main, path: ['userPoolConfig'] as Path }] : [];
  for (const { value, path } of additional) {
    if (!value.userPoolConfig) continue;
    if (value.authenticationType === 'API_KEY') {
      faults.add(file.positionOfKey([...path, 'userPoolConfig']), 'API_KEY takes no "userPoolConfig"', 'Remove it');
    } else {
      pools.push({ pool: value.userPoolConfig, path: [...path, 'userPoolConfig'] });
    }
  }

  const seen = new Set<string>();
  for (const { pool, path } of pools) {
    if (seen.has(pool.userPoolId)) {
      faults.add(
        file.positionOf([...path, 'userPoolId']),
        `The user pool "${pool.userPoolId}" is named twice`,
        'Name it once',
      );
    }
    seen.add(pool.userPoolId);
    if (pool.defaultAction === 'DENY' && settings.readList(['additionalAuthenticationProviders']).length > 0) {
      const hint = 'Use ALLOW, and put directives on the fields that are not for everybody';
      faults.add(
        file.positionOf([...path, 'defaultAction']),
        'DENY cannot be combined with additionalAuthenticationProviders',
        hint,
      );
    }
    checkClientPattern(pool, [...path, 'appIdClientRegex'], settings, faults);
  }
}

/** The engine that will run it: linear in the length of the input, so without look-around and back references. */
function checkClientPattern(pool: UserPoolSettings, path: Path, { file }: CheckedSettings, faults: FaultList): void {
  if (pool.appIdClientRegex === undefined || file.isOpen(path)) return;
  try {
    RE2JS.compile(pool.appIdClientRegex);
  } catch (error) {
    const reason = `"appIdClientRegex" is no regular expression: ${(error as Error).message}`;
    faults.add(file.positionOf(path), reason, 'Write the id of the app client, or a pattern in RE2 syntax');
  }
}
