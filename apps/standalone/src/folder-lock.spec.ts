import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.js';

let root: string;
let file: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'starling-lock-'));
  file = path.join(root, 'lock');
});

afterEach(() => rm(root, { recursive: true }));

describe('the lock of a data folder', () => {
  it('should be held by one, who is named to others, until it is released', async () => {
    const lock = await lockFolder(root);
    await expect(lockFolder(root)).rejects.toThrow(
      `The folder ${root} is in use by another instance (process ${process.pid}). Choose another with --data.`,
    );
    await lock.release();
    expect(await readdir(root)).toEqual([]);
    await (await lockFolder(root)).release();
  });

  it('should be taken over from a process that was killed', async () => {
    const source = `require('node:net').createServer().listen(${JSON.stringify(file)}, () => console.log('listening'))`;
    const killed = spawn(process.execPath, ['--eval', source]);
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await access(file);
    const lock = await lockFolder(root);
    expect(await readdir(root)).toEqual(['lock']);
    await lock.release();
  });

  it('should be taken over from the file of an earlier version, whoever has its pid now', async () => {
    await writeFile(file, String(process.ppid));
    await (await lockFolder(root)).release();
  });

  it('should go to one of those who take over what a dead process left', async () => {
    await writeFile(file, '1');
    const settled = await Promise.allSettled(Array.from({ length: 4 }, () => lockFolder(root)));
    const locks = settled.filter((one) => one.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    await locks[0]!.value.release();
  });

  it('should go to one, however often they meet', { timeout: 30_000 }, async () => {
    for (let round = 0; round < 30; round += 1) {
      await writeFile(file, '1');
      const settled = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(root)));
      const locks = settled.filter((one) => one.status === 'fulfilled');
      expect(locks).toHaveLength(1);
      await locks[0]!.value.release();
    }
  });

  it('should be taken over although whoever began to has died as well', async () => {
    await writeFile(file, '1');
    await mkdir(`${file}-removal`);
    await utimes(`${file}-removal`, 0, 0);
    await (await lockFolder(root)).release();
  });

  it('should name the file when its holder says nothing', async () => {
    const silent = createServer((socket) => socket.on('close', () => undefined));
    silent.listen(file);
    await once(silent, 'listening');
    await expect(lockFolder(root)).rejects.toThrow(`or delete ${file} if nothing runs`);
    silent.close();
  });

  it('should work in a folder whose path is too long for a socket', async () => {
    const deep = path.join(root, 'd'.repeat(120));
    await mkdir(deep);
    const lock = await lockFolder(deep);
    await expect(lockFolder(deep)).rejects.toThrow(/is in use by another instance/);
    await lock.release();
  });
});
