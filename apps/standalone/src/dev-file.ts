import type { LocalUser } from '#libs/api-definition';
import { StartError } from '#libs/config';
import { devFileIn, readJson, writePrivate } from './data-folder.js';
import type { KeyPair } from './data-folder.js';

/** A running local instance, as programs find it in dev.json (docs/reference/dev-json.md). */
export interface DevFile {
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  /** Of server-sent events. */
  readonly streamUrl: string;
  readonly tlsGraphqlUrl: string;
  readonly tlsRealtimeUrl: string;
  readonly tlsStreamUrl: string;
  /** File of the certificate authority that signed the TLS certificate. */
  readonly ca: string;
  /** Null when the API takes no API keys. */
  readonly apiKey: string | null;
  readonly credentials: DevCredentials;
  /** Keys that `npm start` made, in the order of `local.accessKeys`; empty when it made none. */
  readonly accessKeys: readonly LocalKeyPair[];
  /** Null when the API has no user pool. */
  readonly userPool: LocalUserPoolAddress | null;
  /** Null when the API has no `${OIDC_ISSUER}`. */
  readonly oidc: LocalIssuerAddress | null;
  /** Of the user pool and of the issuer; empty when there is neither. */
  readonly users: readonly Pick<LocalUser, 'username' | 'password' | 'groups' | 'attributes'>[];
}

export interface LocalUserPoolAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
}

/** The local OpenID Connect issuer. */
export interface LocalIssuerAddress {
  readonly issuer: string;
  /** Takes `grant_type=password` with `client_id`, `username` and `password`. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
}

/** What somebody signs requests with. */
export interface LocalKeyPair extends KeyPair {
  readonly username: string;
}

/** Something to send in each mode; null where the API does not have it. Tokens are good for a day from the start. */
export interface DevCredentials {
  readonly apiKey: string | null;
  /** ID token of the first of `users`. */
  readonly userPoolToken: string | null;
  /** ID token of the first of `users`. */
  readonly oidcToken: string | null;
  /** `local.lambdaToken` of the definition. */
  readonly lambdaToken: string | null;
  /** Of the first of `accessKeys`. Null also where IAM_CREDENTIALS_FILE names keys of others. */
  readonly iam: KeyPair | null;
}

/** Writes dev.json, for this user only: it holds passwords. */
export async function writeDevFile(file: string, content: DevFile): Promise<void> {
  await writePrivate(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Reads the dev.json of a data folder. Throws a StartError when nothing was ever started with it. */
export async function readDevFile(dataDirectory: string): Promise<DevFile> {
  const file = devFileIn(dataDirectory);
  const content = await readJson<DevFile>(file);
  if (!content) throw new StartError(`${file} is not there. Run npm start first, with the same --data.`);
  return content;
}
