import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A text that changes when a file of a folder is added, removed or written, at any depth. Links are followed: Kubernetes
 * replaces all files of a ConfigMap by pointing one link elsewhere. Empty where the folder can't be read at the moment.
 */
export async function folderFingerprint(folder: string): Promise<string> {
  try {
    const hash = createHash('sha256');
    // Kubernetes keeps the files themselves in folders like `..data`, which the links lead to.
    const names = (await readdir(folder, { recursive: true })).filter((name) => !name.startsWith('..'));
    for (const name of names.sort()) {
      const { mtimeMs, size, ino } = await stat(join(folder, name));
      hash.update(`${name}\n${mtimeMs} ${size} ${ino}\n`);
    }
    return hash.digest('base64url');
  } catch {
    return '';
  }
}
