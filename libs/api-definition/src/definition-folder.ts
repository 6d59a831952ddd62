import { readFileSync, realpathSync, statSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, sep } from 'node:path';
import type { FaultList, Position } from './fault.js';

/** A file of the folder, as text. */
export interface FolderFile {
  /** Path inside the folder, with forward slashes: what faults are shown under. */
  readonly name: string;
  readonly text: string;
}

export interface ReadOptions {
  /** Where the file was asked for; faults about the whole file are reported there. */
  readonly askedAt: Position;
  /** What it is, in a fault: `request template of Query.getTask`. */
  readonly what: string;
  readonly maxBytes: number;
}

/**
 * The folder of one API. Gives out nothing that is outside of it. Files are read without letting go of the thread: of a thousand
 * small files, that takes half the time of asking for each.
 */
export class DefinitionFolder {
  readonly #dir: string;
  readonly #faults: FaultList;
  /** The folder's real path, once it was asked for. */
  #root: Promise<string> | undefined;
  /** Names of the files of each folder that was asked about. */
  readonly #listings = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(dir: string, faults: FaultList) {
    this.#dir = dir;
    this.#faults = faults;
  }

  /** True where there is an entry of this name, whatever it is. False for names that lead out of the folder. */
  async has(name: string): Promise<boolean> {
    if (!staysInside(name)) return false;
    const folder = posix.dirname(name);
    let listing = this.#listings.get(folder);
    if (!listing) this.#listings.set(folder, (listing = listNames(join(this.#dir, folder))));
    return (await listing).has(posix.basename(name));
  }

  /** Reads a text file. Undefined when it cannot be had; the fault says why. */
  async read(name: string, options: ReadOptions): Promise<FolderFile | undefined> {
    return this.#open(name, options, (path) => ({
      name,
      text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)),
    }));
  }

  /** The real path of a file that others will read. Undefined when it cannot be had; the fault says why. */
  async locate(name: string, options: ReadOptions): Promise<string | undefined> {
    return this.#open(name, options, (path) => path);
  }

  async #open<T>(name: string, options: ReadOptions, use: (path: string) => T): Promise<T | undefined> {
    const fault = (message: string, hint: string) => this.#faults.add(options.askedAt, message, hint);
    if (!staysInside(name)) {
      fault(
        `The path "${name}" of the ${options.what} leads out of the folder`,
        'Name a file inside the folder, without ".."',
      );
      return undefined;
    }
    try {
      // Links may be followed (Kubernetes mounts ConfigMaps as links) as long as they end inside.
      const root = await (this.#root ??= realpath(this.#dir));
      const path = realpathSync.native(join(root, name));
      if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
        fault(`The ${options.what}, "${name}", is a link that leads out of the folder`, 'Put the file itself there');
        return undefined;
      }
      const { size, isFile } = describe(path);
      if (!isFile) {
        fault(`The ${options.what}, "${name}", is not a file`, 'Name a file');
        return undefined;
      }
      if (size > options.maxBytes) {
        fault(`The ${options.what}, "${name}", has ${size} bytes`, `At most ${options.maxBytes} are allowed`);
        return undefined;
      }
      return use(path);
    } catch (error) {
      const reason = reasonOf(error, name);
      if (!reason) throw error;
      fault(`The ${options.what}${reason.message}`, reason.hint);
      return undefined;
    }
  }
}

/** Nothing for a folder that is not there: whoever needs a file of it finds out by reading. */
async function listNames(path: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(path));
  } catch {
    return new Set();
  }
}

function describe(path: string): { size: number; isFile: boolean } {
  const stats = statSync(path);
  return { size: stats.size, isFile: stats.isFile() };
}

function staysInside(name: string): boolean {
  return !isAbsolute(name) && !name.includes('\0') && !name.split(/[/\\]/).includes('..');
}

function reasonOf(error: unknown, name: string): { message: string; hint: string } | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { message: ` is missing: there is no file "${name}"`, hint: 'Add the file, or correct the path' };
    case 'EACCES':
    case 'EPERM':
      return { message: `, "${name}", may not be read`, hint: 'Let the process read it' };
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return { message: `, "${name}", is no usable path (${code})`, hint: 'Name a file inside the folder' };
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return { message: `, "${name}", is not UTF-8 text`, hint: 'Save it as UTF-8' };
    default:
      return undefined;
  }
}
