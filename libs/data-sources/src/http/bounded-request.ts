import { request } from 'undici';
import type { Dispatcher } from 'undici';

import { withDeadline } from '../deadline.js';
import { decodeBody } from './content-encoding.js';
import { ResponseTooLargeError } from './response-too-large-error.js';

/** One request, and how much time and space its answer may take. */
export interface BoundedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | undefined;
  /** Ends the request early. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** From the start to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Size of the answer's body, before and after decompression. */
  readonly maxResponseBytes: number;
}

export interface BoundedResponse {
  readonly statusCode: number;
  /** Names as they were sent; what was sent more than once is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Buffer;
}

/**
 * Sends one request and reads the whole answer within its bounds. Redirects are answers like any other. Never tried again.
 * Rejects with DeadlineError, ResponseTooLargeError, or with what the network, TLS or HTTP parser raised; those have a `code`.
 */
export function sendBounded(dispatcher: Dispatcher, options: BoundedRequest): Promise<BoundedResponse> {
  const { url, method, headers, body, maxResponseBytes } = options;
  return withDeadline(options, async (signal) => {
    const response = await request(url, {
      dispatcher,
      method,
      headers,
      body,
      signal,
      // The signal is the one clock for all of the request.
      headersTimeout: 0,
      bodyTimeout: 0,
      responseHeaders: 'raw',
    });
    const received = joinHeaders(response.headers as unknown as readonly string[]);
    const raw = await readBody(response.body, maxResponseBytes);
    return {
      statusCode: response.statusCode,
      headers: received,
      body: await decodeBody(raw, contentEncodingOf(received), maxResponseBytes),
    };
  });
}

async function readBody(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop by an exception destroys the stream, and with it the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new ResponseTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Names and values alternate in `raw`. */
function joinHeaders(raw: readonly string[]): Record<string, string> {
  const headers = new Map<string, [name: string, value: string]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name, value] = [raw[index]!, raw[index + 1]!];
    const known = headers.get(name.toLowerCase());
    if (known) known[1] += `, ${value}`;
    else headers.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(headers.values());
}

/** The value of a header, whatever the case of its name. */
export function readHeader(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function contentEncodingOf(headers: Readonly<Record<string, string>>): string {
  return readHeader(headers, 'content-encoding')?.trim().toLowerCase() ?? '';
}
