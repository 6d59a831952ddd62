import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWK } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOidcProvider, tokenLifetimeS } from './oidc-provider.js';

let server: Server;
let issuer: string;

beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const answer = createOidcProvider({
    issuer,
    clientId: 'boards-web',
    signingKey: { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: 'first' },
    cookieSecret: 'for tests only',
    users: [
      { username: 'jdoe', password: 'P@ssw0rd', groups: [], attributes: { email: 'jdoe@myemail.com' } },
      { username: 'janed', password: 'Pässw0rd', groups: ['Managers'], attributes: { sub: 'somebody else' } },
    ],
  }).callback();
  server.on('request', (request, response) => void answer(request, response));
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

async function ask(
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'boards-web', ...form });
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body,
    headers: { origin: 'http://localhost:3000' },
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function claimsOf(token: unknown): Promise<Record<string, unknown>> {
  const { jwks_uri: keysAt } = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
    jwks_uri: string;
  };
  const keys = createLocalJWKSet((await (await fetch(keysAt)).json()) as JSONWebKeySet);
  return (await jwtVerify(String(token), keys, { issuer, audience: 'boards-web' })).payload;
}

it('should give a user an ID token for the password, found to be its own by discovery', async () => {
  const { status, answer } = await ask({ username: 'jdoe', password: 'P@ssw0rd' });
  expect(status).toBe(200);
  expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: tokenLifetimeS, scope: 'openid' });
  const claims = await claimsOf(answer.id_token);
  expect(claims).toMatchObject({ sub: 'jdoe', preferred_username: 'jdoe', email: 'jdoe@myemail.com' });
  expect(claims).not.toHaveProperty('groups');
  expect(Number(claims.exp) - Number(claims.iat)).toBe(tokenLifetimeS);
  expect(Math.abs(Number(claims.auth_time) - Number(claims.iat))).toBeLessThanOrEqual(1);
});

it('should let no attribute be taken for who somebody is', async () => {
  const { answer } = await ask({ username: 'janed', password: 'Pässw0rd' });
  expect(await claimsOf(answer.id_token)).toMatchObject({ sub: 'janed', groups: ['Managers'] });
});

it.each([
  ['a wrong password', { username: 'jdoe', password: 'guess' }, 'invalid_grant'],
  ['somebody else’s password', { username: 'jdoe', password: 'Pässw0rd' }, 'invalid_grant'],
  ['no password', { username: 'jdoe' }, 'invalid_grant'],
  ['an unknown user', { username: 'nobody', password: 'P@ssw0rd' }, 'invalid_grant'],
  ['another client', { username: 'jdoe', password: 'P@ssw0rd', client_id: 'other' }, 'invalid_client'],
  ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
])('should give no token for %s', async (_what, form, error) => {
  const { status, answer } = await ask(form);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(answer.error).toBe(error);
  expect(answer).not.toHaveProperty('id_token');
});
