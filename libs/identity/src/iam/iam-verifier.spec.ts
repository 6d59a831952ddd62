import { describe, expect, it } from 'vitest';
import { unauthorizedTexts } from '#libs/protocol';
import { signWithSdk } from '../../test/request-signers.js';
import type { SigningKey } from '../../test/request-signers.js';
import { createApiKeyVerifier } from '../api-key-verifier.js';
import { createAuthenticator } from '../authenticator.js';
import { readCredentials, startRequest } from '../credentials.js';
import type { Credentials } from '../credentials.js';
import { createIamVerifier } from './iam-verifier.js';
import { parseIamAccess } from './parse-iam-access.js';

const backend = { accessKeyId: 'AKIABACKEND', secretAccessKey: 'secret-of-the-backend' };
const nightly = { accessKeyId: 'AKIANIGHTLY', secretAccessKey: 'secret-of-the-night-job' };
const file = (allow: readonly string[]) =>
  parseIamAccess(
    JSON.stringify({
      accessKeys: [
        { ...backend, userArn: 'arn:aws:iam::111122223333:user/backend', username: 'backend', allow },
        { ...nightly, allow },
      ],
    }),
  );

const body = '{"query":"mutation { finishBoard(id: \\"b1\\") { id } }"}';
async function signed(key: SigningKey): Promise<Credentials> {
  const request = { method: 'POST', url: 'https://boards.example.com/graphql', body } as const;
  const headers = await signWithSdk(request, { key, region: 'eu-central-1' });
  return readCredentials(headers, ['203.0.113.7', '10.0.0.1'], startRequest('/graphql', body, 'r1'));
}

describe('an identity of AWS_IAM', () => {
  it('should be the principal that the access file names', async () => {
    const verifier = createIamVerifier({ access: { current: () => file(['*']) } });
    const identity = await verifier.verify(await signed(backend));
    expect(identity).toMatchObject({
      mode: 'AWS_IAM',
      authType: 'IAM Authorization',
      groups: [],
      subject: 'arn:aws:iam::111122223333:user/backend',
      expiresAtMs: null,
    });
    expect(identity.context).toEqual({
      accountId: '111122223333',
      cognitoIdentityPoolId: null,
      cognitoIdentityId: null,
      sourceIp: ['203.0.113.7', '10.0.0.1'],
      username: 'backend',
      userArn: 'arn:aws:iam::111122223333:user/backend',
      cognitoIdentityAuthType: null,
      cognitoIdentityAuthProvider: null,
    });
  });

  it('should be its access key where the file names nobody', async () => {
    const verifier = createIamVerifier({ access: { current: () => file(['*']) } });
    const identity = await verifier.verify(await signed(nightly));
    expect(identity.subject).toBe('AKIANIGHTLY');
    expect(identity.context).toMatchObject({ accountId: null, username: null, userArn: null });
  });

  it('should allow what its key allows', async () => {
    const verifier = createIamVerifier({ access: { current: () => file(['Mutation.finishBoard', 'Board.*']) } });
    const { allowsField } = await verifier.verify(await signed(backend));
    expect(allowsField?.('Mutation', 'finishBoard')).toBe(true);
    expect(allowsField?.('Board', 'title')).toBe(true);
    expect(allowsField?.('Mutation', 'createBoard')).toBe(false);
  });

  it('should have the rights of the file that is in force when it is verified', async () => {
    let access = file(['*']);
    const verifier = createIamVerifier({ access: { current: () => access } });
    const credentials = await signed(backend);
    await verifier.verify(credentials);
    access = parseIamAccess('accessKeys: []');
    await expect(verifier.verify(credentials)).rejects.toThrow(unauthorizedTexts.refused);
  });
});

describe('an API with signatures and keys', () => {
  const key = 'da2-boardsboardsboardsboards01';
  const authenticator = createAuthenticator([
    createIamVerifier({ access: { current: () => file(['*']) } }),
    createApiKeyVerifier({ keys: [{ id: 'web', key }] }),
  ]);

  it('should know a signature', async () => {
    expect((await authenticator.authenticate(await signed(backend))).mode).toBe('AWS_IAM');
  });

  it('should look at the key first when both are sent', async () => {
    const credentials = await signed(backend);
    const both = { ...credentials, headers: { ...credentials.headers, 'x-api-key': key } };
    expect((await authenticator.authenticate(both)).mode).toBe('API_KEY');
  });

  it('should not take a token for a signature', async () => {
    const refusal = authenticator.authenticate(readCredentials({ authorization: 'Bearer opaque' }, []));
    await expect(refusal).rejects.toThrow(unauthorizedTexts.missing);
  });
});
