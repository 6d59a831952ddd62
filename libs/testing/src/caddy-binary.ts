import { installDebianPackage } from './debian-package.js';
import { findOnPath } from './on-path.js';

/**
 * Path of a `caddy`: the one on PATH, else Debian's package, which is installed when this process is root and there is an
 * apt-get. Throws one line that says how to get one where neither works.
 */
export async function ensureCaddyBinary(): Promise<string> {
  const present = await findOnPath('caddy');
  if (present) return present;
  if (await installDebianPackage('caddy')) {
    const installed = await findOnPath('caddy');
    if (installed) return installed;
  }
  throw new Error('No caddy on PATH: install the package "caddy".');
}
