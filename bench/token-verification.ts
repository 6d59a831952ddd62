import { randomUUID } from 'node:crypto';
import {
  createAuthenticator,
  createCognitoVerifier,
  createOpenIdConnectVerifier,
  createTokenCache,
} from '#libs/identity';
import { readCredentials } from '#libs/identity';
import type { Authenticator, Verifier } from '#libs/identity';
import { startTokenIssuer } from '#libs/testing';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';

/**
 * Time to learn who a request is from its token (RS256, 2,048 bits), through the authenticator that the api and the gateway
 * ask, in an API with an issuer of each kind. The keys are there. A known token is one that was not seen before; a cached one
 * was. Each request brings a header object and a text of its own, as from a socket. Medians of rounds.
 */
const rounds = 15;
const tokensPerRound = 400;
const hitsPerRound = 20_000;
const maxUs = { known: 150, cached: 2 };

const issuer = await startTokenIssuer();
const other = await startTokenIssuer({ userPoolId: 'local_others' });
const nowS = Math.floor(Date.now() / 1000);
const claimsOf = (index: number) => ({
  sub: randomUUID(),
  iss: issuer.issuer,
  token_use: 'id',
  aud: 'boards-web',
  'cognito:username': `user-${index}`,
  'cognito:groups': ['editors', 'managers'],
  email: `user-${index}@example.com`,
  jti: randomUUID(),
  event_id: randomUUID(),
  auth_time: nowS,
  iat: nowS,
  exp: nowS + 3_600,
});
const tokens = await Promise.all(
  Array.from({ length: tokensPerRound * (rounds + 2) }, (_, index) => issuer.sign(claimsOf(index))),
);

const pool = (endpoint: string, userPoolId: string, cache = createTokenCache()) =>
  createCognitoVerifier({ endpoint, userPoolId, region: 'eu-central-1', defaultAction: 'ALLOW', cache });
const openId = (name: string, cache = createTokenCache()) =>
  createOpenIdConnectVerifier({ issuer: name, clientId: 'boards-.*', cache });

/** The one that is measured, and another of the other kind that shares its cache. */
const apis: Readonly<Record<string, () => readonly Verifier[]>> = {
  'Cognito user pool': () => {
    const cache = createTokenCache();
    return [pool(issuer.endpoint, issuer.userPoolId, cache), openId(other.issuer, cache)];
  },
  'OpenID Connect': () => {
    const cache = createTokenCache();
    return [pool(other.endpoint, other.userPoolId, cache), openId(issuer.issuer, cache)];
  },
};

export async function measure(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [provider, createVerifiers] of Object.entries(apis)) {
    const authenticator = createAuthenticator(createVerifiers());
    await verifyAll(authenticator, tokens.slice(0, tokensPerRound));
    const known = await medianOfRounds(async (round) => {
      const fresh = tokens.slice(tokensPerRound * (round + 1), tokensPerRound * (round + 2));
      return verifyAll(authenticator, fresh);
    });
    const seen = tokens.slice(0, 1_000);
    const hits = Array.from({ length: hitsPerRound }, (_, index) => seen[index % seen.length]!);
    const cached = await medianOfRounds(() => verifyAll(authenticator, hits));
    rows.push(
      row({ name: `token, ${provider}: known`, figure: known, unit: 'µs', target: { atMost: maxUs.known } }),
      row({ name: `token, ${provider}: cached`, figure: cached, unit: 'µs', target: { atMost: maxUs.cached } }),
    );
  }
  rows.push(...(await measureMemory()));
  await Promise.all([issuer.stop(), other.stop()]);
  return rows;
}

/** Microseconds for each, one after another, without the time it takes to make the requests. */
async function verifyAll(authenticator: Authenticator, texts: readonly string[]): Promise<number> {
  const requests = texts.map((text) => readCredentials({ authorization: copyOf(text) }, ['203.0.113.7']));
  const began = performance.now();
  for (const credentials of requests) await authenticator.authenticate(credentials);
  return ((performance.now() - began) * 1_000) / requests.length;
}

/** The same text in new memory: a text that was looked up before knows its own hash, one from a socket does not. */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

async function medianOfRounds(measureRound: (round: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await measureRound(round));
  return median(times);
}

/** What cached tokens take, beside what the cache counts against its limit. */
async function measureMemory(): Promise<readonly Row[]> {
  const cache = createTokenCache();
  const authenticator = createAuthenticator([pool(issuer.endpoint, issuer.userPoolId, cache)]);
  await verifyAll(authenticator, tokens.slice(0, 1));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await verifyAll(authenticator, tokens);
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  const name = `${cache.size} cached tokens of ${tokens[0]!.length} characters`;
  return [
    row({ name: `${name}: held`, figure: bytes / cache.size, unit: 'bytes each' }),
    row({ name: `${name}: counted`, figure: cache.bytes / cache.size, unit: 'bytes each' }),
  ];
}
