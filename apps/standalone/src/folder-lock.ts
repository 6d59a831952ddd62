import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '#libs/config';

/**
 * The holder listens on a local socket in the folder and tells its pid to whoever asks. The system closes it with the process,
 * however that ends: a file with a pid would outlive its process and name another one some day.
 */
export interface FolderLock {
  /** Lets another instance have the folder. */
  release(): Promise<void>;
}

/** Longest path of a socket, in bytes: macOS takes 103, Linux 107. */
const maxSocketPathBytes = 103;

/** Longest wait for a holder to tell its pid, in milliseconds; it is on this machine. */
const answerTimeoutMs = 1_000;

/** Time for another who removes what a dead process left, and the age at which what guards that was left by a dead one too, in milliseconds. */
const guardPauseMs = 50;
const maxGuardAgeMs = 2_000;

/** Each time somebody else was quicker to take over, or still does. More often than a guard can last is no coincidence. */
const attempts = 60;

/** Holds a folder, an absolute path, until `release`. Throws a StartError when another instance that runs has it. */
export async function lockFolder(root: string): Promise<FolderLock> {
  const address = lockAddress(root);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const lock = await tryListen(address, root);
    if (lock) return lock;
    const holder = await askHolder(address);
    if (holder !== 'nobody') throw inUse(root, holder, address);
    await removeDead(address);
  }
  throw inUse(root, undefined, address);
}

function inUse(root: string, holder: number | undefined, address: string): StartError {
  if (holder !== undefined)
    return new StartError(
      `The folder ${root} is in use by another instance (process ${holder}). Choose another with --data.`,
    );
  return new StartError(
    `The folder ${root} seems to be in use by an instance that does not answer. Choose another with --data, or delete ${address} if nothing runs.`,
  );
}

/** In the folder, where people find it; by a name made of the folder's where that can't be. */
function lockAddress(root: string): string {
  const name = `starling-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const inside = path.join(root, 'lock');
  return Buffer.byteLength(inside) <= maxSocketPathBytes ? inside : path.join(tmpdir(), `${name}.lock`);
}

/** Undefined when the address is taken, by a process or by what one left. */
async function tryListen(address: string, root: string): Promise<FolderLock | undefined> {
  const server = createServer((asking) => {
    asking.on('error', () => asking.destroy());
    asking.end(String(process.pid));
  });
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return undefined;
    throw new StartError(`The folder ${root} can't be locked: ${message}. Choose another with --data.`, { cause });
  }
  // What is served decides how long the process lives.
  server.unref();
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Its pid; undefined when somebody is there and does not say. */
async function askHolder(address: string): Promise<number | undefined | 'nobody'> {
  const socket = connect(address);
  socket.setTimeout(answerTimeoutMs, () => socket.destroy());
  let answer = '';
  try {
    for await (const text of socket.setEncoding('utf8')) answer += String(text);
  } catch (error) {
    // ENOTSOCK: a file with a pid, the lock of earlier versions.
    if (['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes((error as { code?: string }).code ?? '')) return 'nobody';
  }
  return /^\d+$/.test(answer) ? Number(answer) : undefined;
}

/**
 * One at a time, and each asks once more: between the question and the removal another may have removed it and put its own there. While
 * what is dead is in its place nobody can.
 */
async function removeDead(address: string): Promise<void> {
  const guard = `${address}-removal`;
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    return outwait(guard);
  }
  try {
    if ((await askHolder(address)) === 'nobody') await rm(address, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function outwait(guard: string): Promise<void> {
  await sleep(guardPauseMs);
  const age = await stat(guard).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > maxGuardAgeMs) await rm(guard, { recursive: true, force: true });
}
