import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import type { Headers } from './caller.js';

/** What `event: next` brings. */
export interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly path?: readonly unknown[] }[];
}

/** A stream that was not refused with a status. */
export interface EventStream {
  /** The first result, whether it was taken or not. */
  first(): Promise<Result>;
  /** The next result that was not taken. */
  next(): Promise<Result>;
  close(): void;
}

/** Asks for a stream as a caller, by a client that sends the `host` that was signed: the api's, as if one address served both. */
export async function openEventStream(url: string, headers: Headers, body: string): Promise<EventStream> {
  const sent = request(url, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream', 'content-type': 'application/json' },
  }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${await text(response)}`);
  const results: Result[] = [];
  // Ends when it is closed here.
  readResults(response, results).catch(() => undefined);
  let taken = 0;
  const at = (index: number): Promise<Result> =>
    vi.waitFor(
      () => {
        const result = results[index];
        if (!result) throw new Error(`The stream has brought ${results.length} results.`);
        return result;
      },
      { timeout: 5_000, interval: 2 },
    );
  return {
    first: () => at(0),
    next: () => at(taken++),
    close: () => void response.destroy(),
  };
}

async function readResults(response: IncomingMessage, results: Result[]): Promise<void> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const events = (rest + String(chunk)).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const [, data] = /^event: next\ndata: (.*)$/.exec(event) ?? [];
      if (data !== undefined) results.push(JSON.parse(data) as Result);
    }
  }
}
