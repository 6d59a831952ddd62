import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder } from './claim-folder.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'starling-claim-'));
});

afterEach(() => rm(root, { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), '{}');
  }
}

describe('a data folder', () => {
  it('should be made and marked where there is none, and be ours from then on', async () => {
    const folder = path.join(root, 'a', 'b');
    await claimFolder(folder, true);
    expect(await readdir(folder)).toEqual(['.starling-data']);
    await writeFile(path.join(folder, 'holiday.jpg'), '');
    await expect(claimFolder(folder, true)).resolves.toBeUndefined();
  });

  it.each([
    ['its description', ['dev.json']],
    ['the state of an API', ['apis/tasks/state.json', 'tls/ca.pem']],
  ])('should be ours when an earlier version left %s', async (_what, names) => {
    await put(...names);
    await claimFolder(root, true);
    expect(await readdir(root)).toContain('.starling-data');
  });

  it('should be used beside things of others, which --fresh may not', async () => {
    await put('holiday.jpg');
    await expect(claimFolder(root, true)).rejects.toThrow(
      `--fresh: the folder ${root} has things in it and was not made by npm start. Nothing was removed; choose another with --data.`,
    );
    await claimFolder(root, false);
    expect(await readdir(root)).toEqual(['.starling-data', 'holiday.jpg']);
  });

  it.each([['tls/mine.pem'], ['apis/readme.md'], ['lock']])(
    'should be refused when others have %s in it',
    async (name) => {
      await put(name);
      await expect(claimFolder(root, false)).rejects.toThrow(/would be overwritten, and npm start did not make it/);
      expect(await readdir(root)).toEqual([name.split('/')[0]]);
    },
  );

  it.each([
    ['a file', 'file', /^--data: .*\/file is not a folder$/],
    ['a path through a file', 'file/x', /^--data: .*\/file\/x can't be made: something on its path is not a folder$/],
  ])('should be refused in one line where it can not be: %s', async (_what, name, text) => {
    await put('file');
    await expect(claimFolder(path.join(root, name), false)).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(text) as string,
    });
  });
});
