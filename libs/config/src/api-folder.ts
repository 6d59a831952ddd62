import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from './run-process.js';

const definitionFile = 'starling.yaml';

/**
 * Makes sure that a folder has an API definition. Throws a StartError of one line that says where one may be: not that the
 * definition has faults, which its loader tells. `variable` is the setting that named the folder, if one did.
 */
export async function requireApiFolder(directory: string, variable?: string): Promise<void> {
  const fault = await findFault(directory);
  if (fault) throw new StartError(variable ? `${variable}: ${fault}` : fault);
}

async function findFault(directory: string): Promise<string | undefined> {
  const stats = await stat(directory).catch((error: NodeJS.ErrnoException) => error);
  if (stats instanceof Error) {
    const isMissing = stats.code === 'ENOENT' || stats.code === 'ENOTDIR';
    return isMissing ? `${directory} does not exist` : `${directory} can't be read: ${stats.message}`;
  }
  if (!stats.isDirectory()) return `${directory} is a file; give the folder it is in`;
  if (await isApi(directory)) return undefined;
  const apis = await apisIn(directory);
  const hint = apis.length > 0 ? `; these folders in it do: ${apis.join(', ')}` : '';
  return `${directory} has no ${definitionFile}${hint}`;
}

async function apisIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(directory, name));
  const found = await Promise.all(folders.map(async (folder) => ((await isApi(folder)) ? folder : undefined)));
  return found.filter((folder) => folder !== undefined).sort();
}

function isApi(folder: string): Promise<boolean> {
  return access(path.join(folder, definitionFile)).then(
    () => true,
    () => false,
  );
}
