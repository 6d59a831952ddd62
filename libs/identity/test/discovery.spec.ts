import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOpenIdConnectVerifier, readCredentials } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { createDiscovery } from '../src/tokens/discovery.js';
import { startKeyServer } from './key-server.js';

type Answer = (response: ServerResponse & { req: IncomingMessage }) => void;
type Server = Awaited<ReturnType<typeof startKeyServer>>;

let server: Server;
beforeEach(async () => {
  server = await startKeyServer((response) => response.destroy());
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.stop();
});

/** The issuer is at the server's own address, whatever that answers. */
const issuerOf = ({ url }: Server) => new URL(url).origin;
const configuration =
  (changes: object = {}): Answer =>
  (response) => {
    const issuer = `http://${response.req.headers.host}`;
    response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, ...changes }));
  };

describe('the discovery of an issuer’s keys', () => {
  it('should ask for the document below the issuer, once in an hour', async () => {
    const clock = { nowMs: 0 };
    const paths: (string | undefined)[] = [];
    server.answerWith((response) => {
      paths.push(response.req.url);
      configuration()(response);
    });
    const locate = createDiscovery({ issuer: issuerOf(server), clock: () => clock.nowMs });
    expect(paths).toEqual([]);
    for (clock.nowMs of [0, 3_599_999, 3_600_000]) expect(await locate()).toBe(server.url);
    expect(paths).toEqual(['/.well-known/openid-configuration', '/.well-known/openid-configuration']);
  });

  it('should follow the keys to another address', async () => {
    const clock = { nowMs: 0 };
    server.answerWith(configuration());
    const locate = createDiscovery({ issuer: issuerOf(server), clock: () => clock.nowMs });
    await locate();
    server.answerWith(configuration({ jwks_uri: 'https://keys.example.com/' }));
    clock.nowMs = 3_600_000;
    expect(await locate()).toBe('https://keys.example.com/');
  });

  it('should go on with the address it has while the issuer is away, and say so', async () => {
    const failures: Error[] = [];
    server.answerWith(configuration());
    const onFailure = (error: Error) => failures.push(error);
    const locate = createDiscovery({ issuer: issuerOf(server), maxAgeMs: 0, onFailure });
    const address = await locate();
    server.answerWith((response) => response.writeHead(503).end());
    expect(await locate()).toBe(address);
    expect(failures.map(({ message }) => message)).toEqual([
      `The OpenID configuration ${issuerOf(server)}/.well-known/openid-configuration could not be read.`,
    ]);
  });

  it('should forgive a slash at the end of the issuer’s name', async () => {
    const issuer = issuerOf(server);
    for (const [configured, named] of [
      [issuer, `${issuer}/`],
      [`${issuer}/`, issuer],
    ] as const) {
      server.answerWith(configuration({ issuer: named }));
      expect(await createDiscovery({ issuer: configured })()).toBe(server.url);
    }
  });

  it.each<{ name: string; answer: Answer; says: RegExp }>([
    { name: 'another issuer', answer: configuration({ issuer: 'https://a.example.com' }), says: /issuer is not/ },
    { name: 'no issuer', answer: configuration({ issuer: undefined }), says: /issuer is not/ },
    { name: 'no jwks_uri', answer: configuration({ jwks_uri: undefined }), says: /no address/ },
    { name: 'a jwks_uri that is a path', answer: configuration({ jwks_uri: '/keys' }), says: /no address/ },
    { name: 'a jwks_uri that is a file', answer: configuration({ jwks_uri: 'file:///etc/keys' }), says: /not https/ },
    { name: 'a page', answer: (r) => r.end('<html></html>'), says: /JSON/ },
    { name: 'null', answer: (r) => r.end('null'), says: /issuer is not/ },
    { name: '10 MB', answer: (r) => r.end(Buffer.alloc(10_000_000, 'a')), says: /more than 65536 bytes/ },
    { name: 'silence', answer: () => {}, says: /timeout/ },
    { name: 'a redirect', answer: (r) => r.writeHead(302, { location: '/elsewhere' }).end(), says: /fetch failed/ },
    { name: 'an error', answer: (r) => r.writeHead(404).end(), says: /status 404/ },
  ])('should fail for an answer with $name', async ({ answer, says }) => {
    server.answerWith(answer);
    const failure: unknown = await createDiscovery({ issuer: issuerOf(server), timeoutMs: 500 })().catch(
      (error: unknown) => error,
    );
    expect(String(((failure as Error).cause as Error).message)).toMatch(says);
  });

  it('should not take keys over http from an issuer that is reached over https', async () => {
    const issuer = 'https://accounts.example.com';
    const answers = ['http://accounts.example.com/keys', 'https://keys.example.com/'].map((jwks_uri) => ({
      issuer,
      jwks_uri,
    }));
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answers.shift())));
    const locate = createDiscovery({ issuer });
    await expect(locate()).rejects.toMatchObject({ cause: { message: 'Its jwks_uri is not https.' } });
    expect(await locate()).toBe('https://keys.example.com/');
  });
});

describe('tokens of an issuer that has just been discovered', () => {
  const nowS = Math.floor(Date.now() / 1000);
  const verifyAll = async (issuer: TokenIssuer, clientIds: readonly string[]) => {
    const verifier = createOpenIdConnectVerifier({ issuer: issuer.issuer });
    const claims = { iss: issuer.issuer, sub: 'sub-of-jdoe', iat: nowS, exp: nowS + 60 };
    const tokens = await Promise.all(clientIds.map((aud) => issuer.sign({ ...claims, aud })));
    return Promise.allSettled(tokens.map((authorization) => verifier.verify(readCredentials({ authorization }, []))));
  };
  const many = Array.from({ length: 200 }, (_, index) => `client-${index}`);

  it('should have the document and the keys read once, though all come at the same time', async () => {
    const issuer = await startTokenIssuer();
    try {
      const asked = vi.fn(globalThis.fetch);
      vi.stubGlobal('fetch', asked);
      const outcomes = await verifyAll(issuer, many);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
      expect(asked.mock.calls.map(([url]) => url)).toEqual([
        `${issuer.issuer}/.well-known/openid-configuration`,
        `${issuer.issuer}/.well-known/jwks.json`,
      ]);
    } finally {
      await issuer.stop();
    }
  });

  it('should be retried and not given up while the issuer is away', async () => {
    const issuer = await startTokenIssuer();
    await issuer.stop();
    const outcomes = await verifyAll(issuer, many);
    const codes = outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code);
    expect(new Set(codes)).toEqual(new Set(['INTERNAL_FAILURE']));
    expect(JSON.stringify(outcomes)).not.toContain(unauthorizedTexts.refused);
  });
});
