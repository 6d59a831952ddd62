import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseIamAccess } from '#libs/identity';
import type { IamAccess } from '#libs/identity';
import type { LocalState } from '../data-folder.js';
import { writeAccessFile } from './access-file.js';

const backend = {
  username: 'backend',
  userArn: 'arn:aws:iam::111122223333:user/backend',
  allow: ['Query.*', 'Task.*'],
  deny: ['Task.estimate'],
};
const newState = (): LocalState => ({ apiKey: 'key', nextTokenSecret: 'secret', lambdaToken: 'token' });

async function write(accessKeys: Parameters<typeof writeAccessFile>[1], state: LocalState) {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-access-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'access.json');
  const pairs = await writeAccessFile(file, accessKeys, state);
  return { pairs, access: parseIamAccess(await readFile(file, 'utf8')) };
}

const allows = ({ keys }: IamAccess, id: string, field: string): boolean => {
  const [typeName, fieldName] = field.split('.') as [string, string];
  return keys.get(id)!.policy.allowsField(typeName, fieldName);
};

it('should be a file that verifiers take, with the rights that were named', async () => {
  const { pairs, access } = await write([backend], newState());
  const { accessKeyId, username } = pairs[0]!;
  expect(username).toBe('backend');
  expect(access.keys.get(accessKeyId)).toMatchObject({ username, userArn: backend.userArn, accountId: '111122223333' });
  expect(
    ['Query.getTasks', 'Task.title', 'Task.estimate', 'Mutation.createTask'].map((field) =>
      allows(access, accessKeyId, field),
    ),
  ).toEqual([true, true, false, false]);
});

it('should keep the pair of somebody whose rights change', async () => {
  const state = newState();
  const before = await write([backend], state);
  const after = await write(
    [
      { ...backend, deny: [] },
      { ...backend, username: 'job' },
    ],
    state,
  );
  expect(after.pairs[0]).toEqual(before.pairs[0]);
  expect(after.pairs[1]!.accessKeyId).not.toBe(before.pairs[0]!.accessKeyId);
  expect(allows(after.access, before.pairs[0]!.accessKeyId, 'Task.estimate')).toBe(true);
});

it('should let one key do everything where nobody is named', async () => {
  const { pairs, access } = await write([], newState());
  expect(pairs.map(({ username }) => username)).toEqual(['local']);
  expect(allows(access, pairs[0]!.accessKeyId, 'Mutation.anything')).toBe(true);
});
