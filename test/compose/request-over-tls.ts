import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Deployment } from '../clients/deployments/deployment.js';

export interface Answer {
  readonly status: number;
  /** All of it; for answers that end. */
  text(): Promise<string>;
  /** Resolves with what has come when the words stand in it. */
  waitFor(words: string): Promise<string>;
  close(): void;
}

/** Sends a request to a deployment with its API key: POST where there is a body. Resolves when the headers of the answer are there. */
export async function requestOverTls(deployment: Deployment, path: string, body?: object): Promise<Answer> {
  const [ca, credentials] = await Promise.all([readFile(deployment.ca), deployment.credentialsOf(null)]);
  const sent = request(new URL(path, deployment.endpoint), {
    ca,
    method: body ? 'POST' : 'GET',
    headers: { ...credentials, accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  sent.end(body && JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let written = '';
  answer.setEncoding('utf8').on('data', (text: string) => (written += text));
  // Closed by us in the middle.
  answer.on('error', () => undefined);
  return {
    status: answer.statusCode!,
    async text() {
      if (!answer.readableEnded) await once(answer, 'end');
      return written;
    },
    async waitFor(words) {
      const signal = AbortSignal.timeout(10_000);
      while (!written.includes(words)) await once(answer, 'data', { signal });
      return written;
    },
    close: () => void sent.destroy(),
  };
}
