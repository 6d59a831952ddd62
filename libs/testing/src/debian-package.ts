import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findOnPath } from './on-path.js';

const run = promisify(execFile);

/** Time for one apt-get command, in milliseconds: a slow mirror is waited for, a dead one ends the test run. */
const aptTimeoutMs = 120_000;

/** Pause before apt-get is tried again while another test file's has its lock, in milliseconds. */
const lockPauseMs = 1000;

/**
 * Installs a package of Debian when this process is root and there is an apt-get. Answers whether it did; a fault of
 * apt-get itself is thrown.
 */
export async function installDebianPackage(name: string): Promise<boolean> {
  const aptGet = await findOnPath('apt-get');
  if (aptGet === undefined || process.getuid?.() !== 0) return false;
  await runApt(aptGet, ['update', '-q']);
  await runApt(aptGet, ['install', '-q', '-y', '--no-install-recommends', name]);
  return true;
}

async function runApt(aptGet: string, args: readonly string[]): Promise<void> {
  // RUNLEVEL=1 makes Debian's maintainer scripts leave the service stopped: tests start their own server on their own port.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const deadline = Date.now() + aptTimeoutMs;
  for (;;) {
    try {
      await run(aptGet, args, { env, timeout: aptTimeoutMs });
      return;
    } catch (error) {
      const isLocked = error instanceof Error && /Could not get lock|Unable to (?:acquire|lock)/.test(error.message);
      if (!isLocked || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, lockPauseMs));
    }
  }
}
