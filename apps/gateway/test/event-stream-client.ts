import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, vi } from 'vitest';

export interface StreamRequest {
  readonly port: number;
  /** Default POST. */
  readonly method?: string;
  /** Default `/graphql/stream`. */
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
}

/** An answer that is no stream. */
export interface StreamRefusal {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly errors: unknown;
}

/** An event stream as it comes over the wire, byte by byte. Any client that is easier to write hides something. */
export class RawEventStream {
  received = '';
  /** `ended`: as HTTP ends a body. `cut`: in the middle of it. */
  state: 'open' | 'ended' | 'cut' = 'open';

  constructor(
    readonly sent: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (data: string) => (this.received += data));
    response.on('end', () => (this.state = 'ended'));
    response.on('error', () => (this.state = 'cut'));
  }

  /** Fields and comments without the first, which is the time to wait before coming back. */
  get events(): readonly string[] {
    const [first, ...others] = this.received.split('\n\n');
    expect(first).toMatch(/^retry: [1-4]\d{3}$/);
    return others.slice(0, -1);
  }

  waitForEvents(count: number): Promise<readonly string[]> {
    return vi.waitFor(() => (expect(this.events.length).toBeGreaterThanOrEqual(count), this.events), {
      timeout: 5_000,
      interval: 2,
    });
  }

  waitForEnd(): Promise<string> {
    return vi.waitFor(() => (expect(this.state).not.toBe('open'), this.state), { timeout: 5_000, interval: 2 });
  }

  close(): void {
    this.sent.destroy();
  }
}

const streamType = 'text/event-stream';

async function send({ port, method = 'POST', path = '/graphql/stream', headers, body }: StreamRequest) {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { accept: streamType, ...headers } });
  sent.on('error', () => undefined);
  sent.end(content);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { sent, response };
}

/** Opens a stream. Resolves when the gateway has answered that it has the subscription, or has refused that. */
export async function openEventStream(wanted: StreamRequest): Promise<RawEventStream> {
  const { sent, response } = await send(wanted);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  return new RawEventStream(sent, response);
}

/** Sends what is answered with a status, at once. */
export async function refusedEventStream(wanted: StreamRequest): Promise<StreamRefusal> {
  const { response } = await send(wanted);
  const body = await text(response);
  const { errors } = body === '' ? {} : (JSON.parse(body) as { errors?: unknown });
  return { status: response.statusCode, headers: response.headers, errors };
}
