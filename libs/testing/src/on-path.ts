import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Path of the program of this name, the first one on PATH or in `moreFolders`; undefined where there is none. */
export async function findOnPath(name: string, moreFolders: readonly string[] = []): Promise<string | undefined> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...moreFolders]) {
    if (folder === '') continue;
    const path = join(folder, name);
    const isExecutable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return path;
  }
  return undefined;
}
