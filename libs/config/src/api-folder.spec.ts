import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireApiFolder } from './api-folder.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'starling-config-'));
  for (const name of ['apis/tasks', 'apis/boards', 'apis/notes', 'empty'])
    await mkdir(path.join(root, name), { recursive: true });
  for (const name of ['apis/tasks', 'apis/boards'])
    await writeFile(path.join(root, name, 'starling.yaml'), 'name: it\n');
});

afterEach(() => rm(root, { recursive: true }));

describe('the folder of an API', () => {
  it('should be taken when it has a starling.yaml, right or wrong', async () => {
    await expect(requireApiFolder(path.join(root, 'apis/tasks'))).resolves.toBeUndefined();
  });

  it.each([
    ['one that is not there', 'nothing', '$ does not exist'],
    ['one below a file', 'apis/tasks/starling.yaml/x', '$ does not exist'],
    ['a file', 'apis/tasks/starling.yaml', '$ is a file; give the folder it is in'],
    ['one without a definition', 'empty', '$ has no starling.yaml'],
    ['one above others', 'apis', '$ has no starling.yaml; these folders in it do: $/boards, $/tasks'],
  ])('should be refused in one line: %s', async (_what, name, text) => {
    const folder = path.join(root, name);
    const message = text.replaceAll('$', () => folder);
    await expect(requireApiFolder(folder)).rejects.toThrow(message);
    await expect(requireApiFolder(folder, 'STARLING_API')).rejects.toMatchObject({
      name: 'StartError',
      message: `STARLING_API: ${message}`,
    });
  });
});
