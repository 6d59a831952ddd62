import { describe, expect, it } from 'vitest';
import { signWithSdk } from '../../test/request-signers.js';
import { readCredentials, startRequest } from '../credentials.js';
import type { IamAccess } from './iam-access.js';
import { createIamVerifier } from './iam-verifier.js';
import { parseIamAccess } from './parse-iam-access.js';

const key = { accessKeyId: 'AKIABACKEND', secretAccessKey: 'secret-of-the-backend' };
const backend = { ...key, userArn: 'arn:aws:iam::111122223333:user/backend', allow: ['*'] };

const file = (...accessKeys: readonly object[]): IamAccess => parseIamAccess(JSON.stringify({ accessKeys }));

/** The identity of somebody who signed while the first file was in force, as it is under the second. */
async function identityAfter(next: IamAccess) {
  let access = file(backend);
  const verifier = createIamVerifier({ access: { current: () => access } });
  const body = '{"query":"{ listBoards { id } }"}';
  const headers = await signWithSdk(
    { method: 'POST', url: 'https://boards.example.com/graphql', body },
    { key, region: 'eu-central-1' },
  );
  const before = await verifier.verify(readCredentials(headers, ['10.0.0.1'], startRequest('/graphql', body, 'r1')));
  expect(before.current!()).toBe(before);
  access = next;
  return { before, now: before.current!() };
}

describe('the identity of an access key whose file has changed', () => {
  it.each([
    ['the key is gone', file()],
    ['the secret is another one', file({ ...backend, secretAccessKey: 'another-secret-of-it' })],
    ['the key is of somebody else', file({ ...backend, userArn: 'arn:aws:iam::111122223333:user/nightly' })],
    ['a session token goes with it', file({ ...backend, sessionToken: 'token-of-the-session' })],
    ['everything is denied', file({ ...backend, deny: ['*'] })],
  ])('should be nobody when %s', async (_when, next) => {
    expect((await identityAfter(next)).now).toBeNull();
  });

  it('should be the same, with what the key allows now', async () => {
    const { before, now } = await identityAfter(file({ ...backend, deny: ['Task.estimate'] }));
    expect(now).toMatchObject({ subject: before.subject, context: before.context });
    expect(before.allowsField!('Task', 'estimate')).toBe(true);
    expect(now!.allowsField!('Task', 'estimate')).toBe(false);
    expect(now!.allowsField!('Task', 'title')).toBe(true);
  });
});
