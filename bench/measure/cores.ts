import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The core of the server that is measured, and of everything else: the clients, Redis, the publisher. */
const serverCore = '0';
const otherCore = '1';

/** Whether processes can be held to a core: Linux with util-linux's `taskset`, and two cores. Asked once. */
const canPin = ((): boolean => {
  try {
    execFileSync('taskset', ['-c', `${serverCore},${otherCore}`, 'true'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    process.stderr.write(
      `Processes are not held to cores, so servers and clients disturb each other (${String(error)})\n`,
    );
    return false;
  }
})();

/** The command that runs a program on the core of servers; the same process is then the program. */
export function onServerCore(command: string, args: readonly string[]): [string, readonly string[]] {
  return canPin ? ['taskset', ['-c', serverCore, command, ...args]] : [command, args];
}

/** Moves this process, and what it starts from now on, to the other core. */
export async function leaveServerCore(): Promise<void> {
  if (canPin) await promisify(execFile)('taskset', ['-acp', otherCore, String(process.pid)]);
}

/** Sockets that one process may have, less those it needs for itself. */
export function maxConnections(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Number(limit ?? 1_024) - 100;
}
