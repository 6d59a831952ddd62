import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
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

/** Stands for `/` in the name of a file at the top of the folder. */
export const flatSeparator = '__';

/**
 * The folder of one API. A file in a folder of it may stand at the top instead, as `resolvers__Query.getTask.js`: keys of a ConfigMap
 * have no slashes. It has its own path in faults all the same. Gives out nothing that is outside of it. Files are read without letting go of the thread: of a thousand
 * small files, that takes half the time of asking for each.
 */
export class DefinitionFolder {
  readonly #dir: string;
  readonly #faults: FaultList;
  /** The folder's real path, once it was asked for. */
  #root: string | undefined;
  /** Each folder that was asked about, by the path that was written. */
  readonly #listings = new Map<string, Listing>();

  constructor(dir: string, faults: FaultList) {
    this.#dir = dir;
    this.#faults = faults;
  }

  /** True where there is an entry of this name, whatever it is. False for names that lead out of the folder. */
  async has(name: string): Promise<boolean> {
    return staysInside(name) && this.#hasEntry(this.#standingName(name));
  }

  /** Reads a text file. Undefined when it cannot be had; the fault says why. */
  async read(name: string, options: ReadOptions): Promise<FolderFile | undefined> {
    return this.#open(name, options, (path) => ({
      name,
      text: decoder.decode(readFileSync(path)),
    }));
  }

  /** The real path of a file that others will read. Undefined when it cannot be had; the fault says why. */
  async locate(name: string, options: ReadOptions): Promise<string | undefined> {
    return this.#open(name, options, (path) => path);
  }

  #hasEntry(name: string): boolean {
    return this.#list(posix.dirname(name)).entries.has(posix.basename(name));
  }

  /** The name that the file stands under: its own, else the flat one if there is such a file. */
  #standingName(name: string): string {
    if (!name.includes('/') || this.#hasEntry(name)) return name;
    const flat = posix.normalize(name).replaceAll('/', flatSeparator);
    return this.#hasEntry(flat) ? flat : name;
  }

  #list(folder: string): Listing {
    let listing = this.#listings.get(folder);
    if (!listing) this.#listings.set(folder, (listing = listFolder(join(this.#dir, folder))));
    return listing;
  }

  /** The real path of a file that is no link, from one look at its folder: of a thousand files, links are the exception. */
  #plainPath(name: string): string | undefined {
    const { entries, realPath } = this.#list(posix.dirname(name));
    const base = posix.basename(name);
    return entries.get(base)?.isFile() ? join(realPath, base) : undefined;
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
      const root = (this.#root ??= realpathSync.native(this.#dir));
      const standing = this.#standingName(name);
      const path = this.#plainPath(standing) ?? realpathSync.native(join(root, standing));
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

/** What is in a folder, by name, and the folder's real path. Nothing for one that is not there: whoever needs a file finds out. */
interface Listing {
  readonly entries: ReadonlyMap<string, Dirent>;
  readonly realPath: string;
}

function listFolder(path: string): Listing {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).map((entry) => [entry.name, entry] as const);
    return { entries: new Map(entries), realPath: realpathSync.native(path) };
  } catch {
    return { entries: new Map(), realPath: path };
  }
}

/** Kept, as making one takes longer than reading a small file with it. A mark at the beginning of a text is no part of it. */
const decoder = new TextDecoder('utf-8', { fatal: true });

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
