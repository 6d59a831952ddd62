import { afterEach, describe, expect, it, vi } from 'vitest';

import { createRequestSigner } from './request-signer.js';
import type { SigningKeys } from './request-signer.js';

const keys: SigningKeys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const request = { method: 'GET', url: new URL('https://search.example.com/tasks/_search?size=2&from=0'), headers: {} };

function signer(credentials: SigningKeys | (() => Promise<SigningKeys>) = keys, signingServiceName = 'es') {
  return createRequestSigner({ signingRegion: 'eu-central-1', signingServiceName, credentials });
}

function signatureOf(headers: Record<string, string>): string | undefined {
  return headers['authorization']?.split('Signature=')[1];
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a signed request', () => {
  it('should name the key and the scope, and sign the host', async () => {
    const { authorization } = await signer().sign(request);
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/es\/aws4_request, SignedHeaders=host;[\w;-]+, Signature=[0-9a-f]{64}$/,
    );
  });

  it('should not carry a host header: the connection has one', async () => {
    expect(await signer().sign(request)).not.toHaveProperty('host');
  });

  it('should have the hash of its body', async () => {
    const headers = await signer().sign({ ...request, method: 'POST', body: '' });
    expect(headers['x-amz-content-sha256']).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('should carry the token of temporary credentials', async () => {
    const headers = await signer(async () => ({ ...keys, sessionToken: 'token' })).sign(request);
    expect(headers['x-amz-security-token']).toBe('token');
  });

  it.each(['authorization', 'x-amz-date', 'x-amz-content-sha256'])(
    'should replace a header that was in the request: %s',
    async (name) => {
      const headers = await signer().sign({ ...request, headers: { [name]: 'forged' } });
      expect(headers[name]).toEqual(expect.not.stringContaining('forged'));
    },
  );

  it.each<[string, Partial<typeof request> & { body?: string }]>([
    ['method', { method: 'PUT' }],
    ['path', { url: new URL('https://search.example.com/boards/_search?size=2&from=0') }],
    ['query', { url: new URL('https://search.example.com/tasks/_search?size=3&from=0') }],
    ['host', { url: new URL('https://elsewhere.example.com/tasks/_search?size=2&from=0') }],
    ['body', { body: '{}' }],
  ])('should have another signature when its %s is another', async (_, change) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [one, other] = await Promise.all([signer().sign(request), signer().sign({ ...request, ...change })]);
    expect(signatureOf(one)).not.toBe(signatureOf(other));
  });

  it('should be refused with the reason of the credential chain', async () => {
    const reason = new Error('no credentials');
    await expect(signer(() => Promise.reject(reason)).sign(request)).rejects.toBe(reason);
  });
});
