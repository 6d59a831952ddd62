import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKeySet } from '#libs/identity';
import type { KeySetOptions } from '#libs/identity';
import { answerKeys, publishedKey, startKeyServer } from './key-server.js';

type KeyServer = Awaited<ReturnType<typeof startKeyServer>>;

let first: object;
let second: object;
beforeAll(() => {
  first = publishedKey('first');
  second = publishedKey('second');
});

let server: KeyServer | undefined;
afterEach(() => server?.stop());

/** A server with the first key, a set that reads it, and the time in the test's hands. */
async function start(options: Partial<KeySetOptions> = {}) {
  const started = await startKeyServer(answerKeys(first));
  server = started;
  const clock = { nowMs: 0 };
  const failures: Error[] = [];
  let notify = () => {};
  const keySet = createKeySet({
    url: started.url,
    clock: () => clock.nowMs,
    onFailure: (error) => {
      failures.push(error);
      notify();
    },
    ...options,
  });
  const nextFailure = () => new Promise<void>((resolve) => (notify = resolve));
  return { server: started, keySet, clock, failures, nextFailure };
}

const unavailable = { code: 'INTERNAL_FAILURE' };

describe('a key set', () => {
  it('should ask once for all who need it at the same time', async () => {
    const { server, keySet } = await start();
    const found = await Promise.all(Array.from({ length: 100 }, () => keySet.find('first')));
    expect(new Set(found).size).toBe(1);
    expect(found[0]?.key.asymmetricKeyType).toBe('rsa');
    expect(server.requests).toBe(1);
  });

  it('should ask nobody before the first token comes', async () => {
    const { server } = await start();
    expect(server.requests).toBe(0);
  });

  it('should ask at most once in an interval for keys that do not exist', async () => {
    const { server, keySet, clock } = await start({ minIntervalMs: 10_000 });
    await keySet.find('first');
    clock.nowMs = 9_999;
    const found = await Promise.all(Array.from({ length: 1000 }, (_, index) => keySet.find(`invented-${index}`)));
    expect(new Set(found)).toEqual(new Set([null]));
    expect(server.requests).toBe(1);
    clock.nowMs = 10_000;
    for (let index = 0; index < 1000; index += 1) expect(await keySet.find(`invented-${index}`)).toBeNull();
    expect(server.requests).toBe(2);
  });

  it('should find a new key when the interval is over', async () => {
    const { server, keySet, clock } = await start({ minIntervalMs: 10_000 });
    await keySet.find('first');
    server.answerWith(answerKeys(first, second));
    expect(await keySet.find('second')).toBeNull();
    clock.nowMs = 10_000;
    expect(await keySet.find('second')).not.toBeNull();
    expect(await keySet.find('first')).not.toBeNull();
  });

  it('should forget a withdrawn key after a refresh in the background', async () => {
    const { server, keySet, clock } = await start({ refreshAfterMs: 600_000 });
    await keySet.find('first');
    server.answerWith(answerKeys(second));
    clock.nowMs = 600_000;
    expect(await keySet.find('first')).not.toBeNull();
    // An unknown key joins the request that is under way, so its answer says that the refresh is done.
    expect(await keySet.find('second')).not.toBeNull();
    expect(await keySet.find('first')).toBeNull();
    expect(server.requests).toBe(2);
  });
});

describe('a key set whose issuer is slow', () => {
  it('should have all who come wait for the one request, were it longer than the interval', async () => {
    const { server, keySet, clock } = await start({ firstIntervalMs: 1_000 });
    const asked = new Promise<() => void>((resolve) => {
      server.answerWith((response) => resolve(() => answerKeys(first)(response)));
    });
    const early = keySet.find('first');
    const answer = await asked;
    clock.nowMs = 4_000;
    const late = keySet.find('first');
    answer();
    expect(await early).not.toBeNull();
    expect(await late).toBe(await early);
    expect(server.requests).toBe(1);
  });
});

describe('a key set whose issuer is away', () => {
  it('should go on with the keys it has, asking once in an interval', async () => {
    const { server, keySet, clock, nextFailure, failures } = await start({
      refreshAfterMs: 600_000,
      minIntervalMs: 10_000,
    });
    await keySet.find('first');
    server.answerWith((response) => response.destroy());
    for (const nowMs of [600_000, 610_000, 86_400_000]) {
      clock.nowMs = nowMs;
      const failed = nextFailure();
      const found = await Promise.all(Array.from({ length: 100 }, () => keySet.find('first')));
      expect(found).not.toContain(null);
      await failed;
    }
    expect(server.requests).toBe(4);
    expect(failures[0]?.message).toBe(`The key set ${server.url} could not be read.`);
  });

  it('should not call an unknown key wrong, because it may be new', async () => {
    const { server, keySet, clock } = await start({ minIntervalMs: 10_000 });
    await keySet.find('first');
    server.answerWith((response) => response.writeHead(503).end());
    clock.nowMs = 10_000;
    await expect(keySet.find('second')).rejects.toMatchObject(unavailable);
    await expect(keySet.find('third')).rejects.toMatchObject(unavailable);
    expect(server.requests).toBe(2);
  });

  it('should recover by itself when it never had a key', async () => {
    const { server, keySet, clock } = await start({ firstIntervalMs: 1_000 });
    server.answerWith((response) => response.destroy());
    await expect(Promise.all(Array.from({ length: 100 }, () => keySet.find('first')))).rejects.toMatchObject(
      unavailable,
    );
    server.answerWith(answerKeys(first));
    clock.nowMs = 999;
    await expect(keySet.find('first')).rejects.toMatchObject(unavailable);
    expect(server.requests).toBe(1);
    clock.nowMs = 1_000;
    expect(await keySet.find('first')).not.toBeNull();
    expect(await keySet.find('second')).toBeNull();
  });
});

describe('an answer that is no key set', () => {
  const cases: readonly { name: string; answer: Parameters<KeyServer['answerWith']>[0]; says: RegExp }[] = [
    { name: 'an error page', answer: (r) => r.writeHead(500).end('oops'), says: /status 500/ },
    { name: 'a page', answer: (r) => r.end('<html></html>'), says: /JSON/ },
    { name: 'null', answer: (r) => r.end('null'), says: /no key that tokens/ },
    { name: 'an empty body', answer: (r) => r.end(), says: /JSON/ },
    { name: 'a set without keys', answer: answerKeys(), says: /no key that tokens/ },
    { name: 'keys that are no objects', answer: (r) => r.end('{"keys":[null,1,"a",[]]}'), says: /no key that tokens/ },
    { name: '10 MB', answer: (r) => r.end(Buffer.alloc(10_000_000, 'a')), says: /more than 65536 bytes/ },
    { name: 'silence', answer: () => {}, says: /timeout/ },
    { name: 'an answer that never ends', answer: (r) => r.write('{"keys":['), says: /timeout/ },
  ];

  it.each(cases)('should leave the keys as they were: $name', async ({ answer, says }) => {
    const { server, keySet, clock, failures } = await start({ minIntervalMs: 10_000, timeoutMs: 1_000 });
    await keySet.find('first');
    server.answerWith(answer);
    clock.nowMs = 10_000;
    await expect(keySet.find('second')).rejects.toMatchObject(unavailable);
    expect(await keySet.find('first')).not.toBeNull();
    expect(String((failures[0]?.cause as Error).message)).toMatch(says);
  });

  it('should not be looked for where it redirects to', async () => {
    const elsewhere = await startKeyServer(answerKeys(first));
    try {
      const { server, keySet } = await start();
      server.answerWith((response) => response.writeHead(302, { location: elsewhere.url }).end());
      await expect(keySet.find('first')).rejects.toMatchObject(unavailable);
      expect(elsewhere.requests).toBe(0);
    } finally {
      await elsewhere.stop();
    }
  });

  it.each([
    ['a key that encrypts', () => publishedKey('other', { use: 'enc' })],
    ['a key of an algorithm of other keys', () => publishedKey('other', { alg: 'ES256' })],
    ['a key that only signs', () => publishedKey('other', { key_ops: ['sign'] })],
    ['a point that is not on its curve', () => ({ kty: 'EC', crv: 'P-256', kid: 'other', x: 'AAAA', y: 'AAAA' })],
    ['a key of an unknown curve', () => ({ kty: 'EC', crv: 'secp256k1', kid: 'other', x: 'AAAA', y: 'AAAA' })],
    ['a secret', () => ({ kty: 'oct', kid: 'other', k: 'c2VjcmV0' })],
    ['a short key', () => publishedKey('other', {}, 1_024)],
    ['a key without an id', () => publishedKey('other', { kid: undefined })],
  ])('should not take %s from a set, but the key beside it', async (_name, other) => {
    const { server, keySet } = await start();
    server.answerWith(answerKeys(other(), first));
    expect(await keySet.find('other')).toBeNull();
    expect(await keySet.find('first')).not.toBeNull();
  });
});
