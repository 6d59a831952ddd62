import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '#libs/config';

/** Says that what lies under our names in the folder is ours. */
const marker = '.starling-data';

const markerText = 'npm start made dev.json, tls and apis in this folder; with --fresh it removes them.\n';

/** What `npm start` makes in its folder, and `--fresh` removes: these and nothing else. */
export const contents = Object.freeze({ devFile: 'dev.json', tls: 'tls', apis: 'apis' });

/**
 * Makes the folder if needed and marks it as ours. Refuses, with a StartError of one line, a path that can't be a folder,
 * a folder in which something of others has one of our names, and with `isFresh` each one that has things and no mark.
 */
export async function claimFolder(root: string, isFresh: boolean): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    const names = await readdir(root);
    if (names.includes(marker)) return;
    if (names.length > 0 && !(await isOfEarlierVersion(root, names))) refuseOthers(root, names, isFresh);
    await writeFile(path.join(root, marker), markerText);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`--data: ${await explain(root, cause as NodeJS.ErrnoException)}`, { cause });
  }
}

function refuseOthers(root: string, names: readonly string[], isFresh: boolean): void {
  if (isFresh)
    throw new StartError(
      `--fresh: the folder ${root} has things in it and was not made by npm start. Nothing was removed; choose another with --data.`,
    );
  const others = [...Object.values(contents), 'lock'].filter((name) => names.includes(name));
  if (others.length > 0)
    throw new StartError(
      `--data: ${others.join(' and ')} in ${root} would be overwritten, and npm start did not make it. Choose another folder.`,
    );
}

/** Versions before the mark left these. */
async function isOfEarlierVersion(root: string, names: readonly string[]): Promise<boolean> {
  if (names.includes(contents.devFile)) return true;
  if (!names.includes(contents.apis)) return false;
  const apis = await readdir(path.join(root, contents.apis));
  const states = await Promise.all(
    apis.map((api) =>
      lstat(path.join(root, contents.apis, api, 'state.json')).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  );
  return states.includes(true);
}

async function explain(root: string, { code, message }: NodeJS.ErrnoException): Promise<string> {
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    const isThere = await lstat(root).then(
      () => true,
      () => false,
    );
    return isThere ? `${root} is not a folder` : `${root} can't be made: something on its path is not a folder`;
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `${root} may not be written by this user`;
  return `${root} can't be used: ${message}`;
}
