import type { LocalUser } from '#libs/api-definition';
import { StartError } from '#libs/config';
import { devFileIn, readJson, writePrivate } from './data-folder.js';

/** A running local instance, as programs find it in dev.json (docs/reference/dev-json.md). */
export interface DevFile {
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly tlsGraphqlUrl: string;
  readonly tlsRealtimeUrl: string;
  /** File of the certificate authority that signed the TLS certificate. */
  readonly ca: string;
  /** Null when the API takes no API keys. */
  readonly apiKey: string | null;
  /** Null when the API has no user pool. */
  readonly userPool: LocalUserPoolAddress | null;
  readonly users: readonly Pick<LocalUser, 'username' | 'password' | 'groups' | 'attributes'>[];
}

export interface LocalUserPoolAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
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
