import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Time for one apt-get command, in milliseconds: a slow mirror is waited for, a dead one ends the test run. */
const aptTimeoutMs = 120_000;

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
  const present = await onPath('redis-server');
  if (present) return present;
  const aptGet = await onPath('apt-get');
  if (aptGet && process.getuid?.() === 0) {
    await install(aptGet);
    const installed = await onPath('redis-server');
    if (installed) return installed;
  }
  throw new Error(
    'No redis-server on PATH: install the package "redis-server", or set REDIS_URL to a Redis for tests.',
  );
}

async function install(aptGet: string): Promise<void> {
  // RUNLEVEL=1 makes Debian's maintainer scripts leave the service stopped: tests start their own server on their own port.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run(aptGet, ['update', '-q'], { env, timeout: aptTimeoutMs });
  await run(aptGet, ['install', '-q', '-y', '--no-install-recommends', 'redis-server'], { env, timeout: aptTimeoutMs });
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
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
