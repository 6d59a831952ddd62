import { describe, expect, it } from 'vitest';
import { connectRequest, createIamVerifier, parseIamAccess, readCredentials, startRequest } from '#libs/identity';
import type { SentRequest } from '#libs/identity';
import { amplifyRealtimeHeaders, signWithAmplify, signWithSdk } from './request-signers.js';
import type { RequestToSign } from './request-signers.js';

const longLived = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const temporary = { ...longLived, accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionToken: 'FwoGZXIvYXdzEXAMPLE//TOKEN+==' };
const access = parseIamAccess(
  JSON.stringify({ accessKeys: [longLived, temporary].map((key) => ({ ...key, allow: ['*'] })) }),
);
const verifier = createIamVerifier({ access: { current: () => access } });
const region = 'eu-central-1';

const query = JSON.stringify({ query: '{ getBoard(id: "b1") { title } }', variables: { text: 'ä €  \n 😀' } });

function sentRequest({ method, url, body = '' }: RequestToSign): SentRequest {
  const { pathname, search } = new URL(url);
  return { kind: 'operation', method, path: pathname, queryString: search.slice(1), body, requestId: 'r1' };
}

const endpoint = 'https://boards.example.com/graphql';
const requests: readonly (RequestToSign & { readonly name: string })[] = [
  { name: 'a POST', method: 'POST', url: endpoint, body: query, headers: { 'content-type': 'application/json' } },
  { name: 'a POST of nothing', method: 'POST', url: endpoint, body: '' },
  { name: 'another port', method: 'POST', url: 'https://localhost:4443/graphql', body: query },
  { name: 'the default port', method: 'POST', url: 'https://localhost:443/graphql', body: query },
  { name: 'an IPv6 address', method: 'POST', url: 'https://[::1]:4443/graphql', body: query },
  { name: 'a path with blanks', method: 'POST', url: 'https://localhost/boards%20v1/graph%C3%A4', body: query },
  { name: 'a GET', method: 'GET', url: `${endpoint}?query=${encodeURIComponent('{ listBoards { id } }')}` },
  {
    name: "a GET with marks that signers encode and addresses don't",
    method: 'GET',
    url: `${endpoint}?query={b(t:"it's (1*2)!~-_.")}&operationName=a+b%2Bc&variables=%7B%22a%22:%22%C3%A4%F0%9F%98%80%22%7D`,
  },
  { name: 'names without a value', method: 'GET', url: `${endpoint}?b&a=&c=1%3D2` },
  { name: 'repeated and unsorted names', method: 'GET', url: `${endpoint}?b=2&a=z&b=10&a-b=1&A=3&b=1` },
  { name: 'an address in the query', method: 'GET', url: `${endpoint}?query=%2Fa%2F%2Fb&x=%25` },
  {
    name: 'blanks in headers',
    method: 'POST',
    url: endpoint,
    body: query,
    headers: { 'x-amz-user-agent': '  aws-amplify/6.0   api/1  framework/0 ', 'X-Board': '"a  b"' },
  },
];

describe.each([
  ["AWS's SDK", signWithSdk],
  ['Amplify', signWithAmplify],
])('a request signed by %s', (_name, sign) => {
  it.each(requests)('should be verified: $name', async (request) => {
    const headers = await sign(request, { key: longLived, region });
    const identity = await verifier.verify(readCredentials(headers, [], sentRequest(request)));
    expect(identity.subject).toBe(longLived.accessKeyId);
  });

  it('should be verified with a session token', async () => {
    const request = { method: 'POST', url: endpoint, body: query } as const;
    const headers = await sign(request, { key: temporary, region });
    const identity = await verifier.verify(readCredentials(headers, [], sentRequest(request)));
    expect(identity.subject).toBe(temporary.accessKeyId);
  });

  it('should be verified in any region that the verifier is given, and in no other', async () => {
    const request = { method: 'POST', url: endpoint, body: query } as const;
    const credentials = readCredentials(await sign(request, { key: longLived, region }), [], sentRequest(request));
    const inRegions = (regions: readonly string[]) =>
      createIamVerifier({ access: { current: () => access }, regions }).verify(credentials);
    await expect(inRegions(['us-east-1', region])).resolves.toBeDefined();
    await expect(inRegions(['us-east-1'])).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

describe.each([
  { name: 'a long-lived key', key: longLived },
  { name: 'a temporary key', key: temporary },
])("Amplify's WebSocket with $name", ({ key }) => {
  it('should be let in by its handshake', async () => {
    const headers = await amplifyRealtimeHeaders(
      { endpoint, canonicalUri: '/connect', payload: '{}' },
      { key, region },
    );
    const identity = await verifier.verify(readCredentials(headers, [], connectRequest('/graphql', 'r1')));
    expect(identity.subject).toBe(key.accessKeyId);
  });

  it('should be let in by its start', async () => {
    const data = JSON.stringify({ query: 'subscription { onCreateTask { id } }', variables: {} });
    const headers = await amplifyRealtimeHeaders({ endpoint, canonicalUri: '', payload: data }, { key, region });
    const identity = await verifier.verify(readCredentials(headers, [], startRequest('/graphql', data, 'r1')));
    expect(identity.subject).toBe(key.accessKeyId);
  });

  it('should not start with the signature of its handshake', async () => {
    const headers = await amplifyRealtimeHeaders(
      { endpoint, canonicalUri: '/connect', payload: '{}' },
      { key, region },
    );
    const refusal = verifier.verify(readCredentials(headers, [], startRequest('/graphql', '{}', 'r1')));
    await expect(refusal).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
