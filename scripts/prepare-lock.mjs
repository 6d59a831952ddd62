// Lets one process at a time install and build. Uses nothing that is not in Node itself.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time between two looks at a lock that another process holds, in milliseconds. */
const pollMs = 200;

/** What systems say when a folder has something in it. */
const taken = ['ENOTEMPTY', 'EEXIST'];

/**
 * Runs `work` while this process holds the lock: a folder with one file, named as the process. Waits while another process
 * that still runs has it, and says so once on standard error; takes over what a dead one left. The lock is gone when `work`
 * is over, however it ended.
 */
export async function withLock(folder, work) {
  await take(folder);
  try {
    return await work();
  } finally {
    release(folder, process.pid);
  }
}

async function take(folder) {
  let hasSaidSo = false;
  while (!tryTake(folder)) {
    const holder = holderOf(folder);
    if (holder !== undefined && isRunning(holder)) {
      if (!hasSaidSo) {
        const name = path.basename(folder);
        process.stderr.write(
          `Another process is installing; waiting (process ${holder}; if it is something else, remove ${name})...\n`,
        );
      }
      hasSaidSo = true;
      await sleep(pollMs);
    } else {
      // By name: when another process was quicker to take over, its file has another name and stays.
      release(folder, holder);
    }
  }
}

/** The folder appears together with its file, and can't replace one that has a file: renaming is one step. */
function tryTake(folder) {
  mkdirSync(path.dirname(folder), { recursive: true });
  const mine = mkdtempSync(`${folder}-`);
  writeFileSync(path.join(mine, String(process.pid)), '');
  try {
    renameSync(mine, folder);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true });
    // EPERM: what Windows says of a folder that is there. Elsewhere it is a folder that may not be written.
    const isThere = error.code === 'EPERM' ? holderOf(folder) !== undefined : isOneOf(error, taken);
    if (!isThere) throw error;
    return false;
  }
}

function holderOf(folder) {
  try {
    return readdirSync(folder)[0];
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function release(folder, holder) {
  ignoring(['ENOENT'], () => holder !== undefined && unlinkSync(path.join(folder, String(holder))));
  // Not empty: somebody else has it by now.
  ignoring(['ENOENT', ...taken], () => rmdirSync(folder));
}

function ignoring(codes, action) {
  try {
    action();
  } catch (error) {
    if (!isOneOf(error, codes)) throw error;
  }
}

function isOneOf(error, codes) {
  return codes.includes(error.code);
}

function isRunning(holder) {
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
