import { installDebianPackage } from './debian-package.js';
import { findOnPath } from './on-path.js';

let found: Promise<string> | undefined;

/**
 * Path of a `redis-server`: the one on PATH, else Debian's package, which is installed when this process is root and
 * there is an apt-get. Throws one line that says how to get one where neither works. Asked once per process.
 */
export function ensureRedisBinary(): Promise<string> {
  found ??= locate();
  return found;
}

async function locate(): Promise<string> {
  const present = await findOnPath('redis-server');
  if (present) return present;
  if (await installDebianPackage('redis-server')) {
    const installed = await findOnPath('redis-server');
    if (installed) return installed;
  }
  throw new Error(
    'No redis-server on PATH: install the package "redis-server", or set REDIS_URL to a Redis for tests.',
  );
}
