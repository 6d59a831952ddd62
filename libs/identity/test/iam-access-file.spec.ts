import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIamAccess, IamAccessError } from '#libs/identity';
import type { FollowedIamAccess } from '#libs/identity';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const fileWith = (...ids: string[]) =>
  JSON.stringify({ accessKeys: ids.map((accessKeyId) => ({ accessKeyId, secretAccessKey: secret })) });

let folder: string;
let file: string;
const onError = vi.fn<(error: Error) => void>();
const onChange = vi.fn<() => void>();
const opened: FollowedIamAccess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'starling-iam-'));
  file = path.join(folder, 'access.yaml');
});
afterEach(async () => {
  for (const access of opened.splice(0)) access.close();
  vi.clearAllMocks();
  await rm(folder, { recursive: true });
});

function open(): FollowedIamAccess {
  const access = createIamAccess({ file, pollMs: 10, onError, onChange });
  opened.push(access);
  return access;
}
const keysOf = (access: FollowedIamAccess) => [...access.current().keys.keys()];

describe('an access file', () => {
  it('should be in force from the start', async () => {
    await writeFile(file, fileWith('AKIA1'));
    expect(keysOf(open())).toEqual(['AKIA1']);
  });

  it('should be in force anew when it changes', async () => {
    await writeFile(file, fileWith('AKIA1'));
    const access = open();
    await writeFile(file, fileWith('AKIA2', 'AKIA3'));
    await vi.waitFor(() => expect(keysOf(access)).toEqual(['AKIA2', 'AKIA3']));
    expect(onChange).toHaveBeenCalledOnce();
    expect(onError).not.toHaveBeenCalled();
  });

  it('should be followed when its folder is replaced by a link, as Kubernetes replaces a mounted secret', async () => {
    const version = async (name: string, text: string) => {
      await mkdir(path.join(folder, name));
      await writeFile(path.join(folder, name, 'access.yaml'), text);
      await symlink(name, path.join(folder, 'next'));
      await rename(path.join(folder, 'next'), path.join(folder, '..data'));
    };
    await version('v1', fileWith('AKIA1'));
    await symlink(path.join('..data', 'access.yaml'), file);
    const access = open();
    await version('v2', fileWith('AKIA2'));
    await vi.waitFor(() => expect(keysOf(access)).toEqual(['AKIA2']));
  });

  it('should stay in force when the next one has faults, and be reported once', async () => {
    await writeFile(file, fileWith('AKIA1'));
    const access = open();
    await writeFile(file, `{"accessKeys": [{"accessKeyId": "AKIA2", "secretAccessKey": "${secret} "}, 1]}`);
    await vi.waitFor(() => expect(onError).toHaveBeenCalled());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(onError).toHaveBeenCalledOnce();
    const [error] = onError.mock.calls[0] ?? [];
    expect(error?.message).toBe(`The IAM access file ${file} cannot be used; the one before it stays in force.`);
    expect(error?.cause).toBeInstanceOf(IamAccessError);
    expect(keysOf(access)).toEqual(['AKIA1']);

    await writeFile(file, fileWith('AKIA2'));
    await vi.waitFor(() => expect(keysOf(access)).toEqual(['AKIA2']));
  });

  it('should stay in force while the file is away', async () => {
    await writeFile(file, fileWith('AKIA1'));
    const access = open();
    await rm(file);
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(keysOf(access)).toEqual(['AKIA1']);
    await writeFile(file, fileWith('AKIA2'));
    await vi.waitFor(() => expect(keysOf(access)).toEqual(['AKIA2']));
  });

  it('should not be read any more once it is closed', async () => {
    await writeFile(file, fileWith('AKIA1'));
    const access = open();
    access.close();
    await writeFile(file, fileWith('AKIA2'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(keysOf(access)).toEqual(['AKIA1']);
  });

  it('should keep the process from starting when it is not there or has faults', async () => {
    expect(open).toThrow('ENOENT');
    await writeFile(file, 'accessKeys: AKIA1');
    expect(open).toThrow(IamAccessError);
  });
});
