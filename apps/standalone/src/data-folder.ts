import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '#libs/config';
import { contents } from './claim-folder.js';

/** What must stay the same from one start to the next. */
export interface LocalState {
  readonly apiKey: string;
  readonly nextTokenSecret: string;
  readonly lambdaToken: string;
  /** Made at the first start of an API with a user pool. */
  userPoolId?: string;
  clientId?: string;
  /** By user name. Made at the first start of an API with AWS_IAM. */
  accessKeys?: Record<string, KeyPair>;
}

/** What requests are signed with. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The folder that holds everything a local run makes: certificates for all APIs, and per API its state, tables and users. */
export class DataFolder {
  private constructor(
    /** Absolute. */
    readonly root: string,
    private readonly apiName: string,
    readonly state: LocalState,
  ) {}

  /** Opens a folder that is claimed and locked; `root` is absolute. `isFresh`: what earlier runs left is removed first. */
  static async open(root: string, apiName: string, isFresh: boolean): Promise<DataFolder> {
    if (isFresh) {
      for (const name of Object.values(contents)) await rm(path.join(root, name), { recursive: true, force: true });
    }
    const apiFolder = path.join(root, contents.apis, apiName);
    await mkdir(apiFolder, { recursive: true });
    const known = await readJson<Partial<LocalState>>(path.join(apiFolder, 'state.json'));
    // Earlier versions did not write all of it.
    const state = { ...createState(), ...known };
    const folder = new DataFolder(root, apiName, state);
    await folder.saveState();
    return folder;
  }

  get devFile(): string {
    return devFileIn(this.root);
  }

  get tlsFolder(): string {
    return path.join(this.root, contents.tls);
  }

  /** A folder or file of this API. */
  apiPath(name: string): string {
    return path.join(this.root, contents.apis, this.apiName, name);
  }

  async saveState(): Promise<void> {
    await writePrivate(this.apiPath('state.json'), `${JSON.stringify(this.state, null, 2)}\n`);
  }
}

/** Where a data folder has its description for programs. */
export function devFileIn(dataDirectory: string): string {
  return path.join(path.resolve(dataDirectory), contents.devFile);
}

/** Writes a file that only this user may read: it holds keys or passwords. */
export async function writePrivate(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
}

/** A JSON file's content; undefined when there is no such file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new StartError(`${file} is damaged: it is not JSON. Start with --fresh to begin anew.`, { cause });
  }
}

function createState(): LocalState {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  // AppSync's form of a key: da2- and 26 letters or digits. Five bits of each byte pick one of 32.
  const key = Array.from(randomBytes(26), (byte) => alphabet[byte % 32]).join('');
  return {
    apiKey: `da2-${key}`,
    nextTokenSecret: randomBytes(32).toString('base64'),
    lambdaToken: `local-${randomBytes(18).toString('base64url')}`,
  };
}
