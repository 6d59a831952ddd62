import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from './start-standalone.js';

const script = new URL('../../../scripts/prepare-lock.mjs', import.meta.url).href;

let folder: string;
let lock: string;
let remove: () => Promise<void>;
const children: ChildProcessWithoutNullStreams[] = [];

beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  lock = path.join(folder, 'prepare.lock');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await remove();
});

/** A process that does `work`, a line of JavaScript, while it holds the lock. */
function hold(work: string): ChildProcessWithoutNullStreams {
  const source = `
    import { appendFileSync } from 'node:fs';
    import { once } from 'node:events';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(script)};
    await withLock(${JSON.stringify(lock)}, async () => { ${work} });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source]);
  children.push(child);
  return child;
}

async function textUntil(stream: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (wanted.test(text)) return text;
  }
  throw new Error(`It ended with: ${text}`);
}

it('should let one process work at a time', async () => {
  const journal = JSON.stringify(path.join(folder, 'journal'));
  const work = `appendFileSync(${journal}, '('); await sleep(30); appendFileSync(${journal}, ')');`;
  const ends = Array.from({ length: 6 }, () => once(hold(work), 'exit'));
  expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await readFile(path.join(folder, 'journal'), 'utf8')).toBe('()()()()()()');
  expect(await readdir(folder)).toEqual(['journal']);
});

it('should say what it waits for, and go on when that is over', async () => {
  const first = hold(`console.log('working'); await once(process.stdin, 'data'); process.stdin.destroy();`);
  await textUntil(first.stdout, /working/);
  const second = hold('');
  const ended = once(second, 'exit');
  expect(await textUntil(second.stderr, /\n/)).toMatch(
    new RegExp(`^Another process is installing; waiting \\(process ${first.pid};`),
  );
  first.stdin.write('\n');
  expect(await ended).toEqual([0, null]);
});

it('should take over from a process that was killed', async () => {
  const killed = hold(`console.log('working'); await sleep(60_000);`);
  await textUntil(killed.stdout, /working/);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await access(lock);
  expect(await once(hold(''), 'exit')).toEqual([0, null]);
});

it('should take over a folder that holds nothing, and give the lock back when the work fails', async () => {
  await mkdir(lock);
  expect(await once(hold(`throw new Error('no network')`), 'exit')).toEqual([1, null]);
  await expect(access(lock)).rejects.toThrow();
});

it('should not take the lock of a process that lives', async () => {
  await mkdir(lock);
  await writeFile(path.join(lock, String(process.pid)), '');
  const waiting = hold('');
  await textUntil(waiting.stderr, /waiting/);
  expect(await readdir(lock)).toEqual([String(process.pid)]);
});
