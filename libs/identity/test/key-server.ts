import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse) => void;

/** An address that answers as a test tells it to, for everything that a well-behaved issuer does not do. */
export async function startKeyServer(initial: Answer) {
  let answer = initial;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    get requests() {
      return requests;
    },
    answerWith(next: Answer) {
      answer = next;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A published RSA key. Default: one that verifies RS256. */
export function publishedKey(kid: string, changes: Readonly<Record<string, unknown>> = {}, modulusLength = 2_048) {
  const jwk = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
  return { ...jwk, kid, use: 'sig', alg: 'RS256', ...changes };
}

export const answerKeys =
  (...keys: readonly object[]): Answer =>
  (response) =>
    response.end(JSON.stringify({ keys }));
