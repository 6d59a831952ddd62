import { Readable } from 'node:stream';

/** An answer that has more bytes than a function may answer. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

/**
 * Makes reading the body of an HTTP response fail after `maxBytes`. AWS's service keeps the limit by itself; one behind an
 * endpoint of one's own may not.
 */
export function limitBytes(response: unknown, maxBytes: number): void {
  if (!hasBody(response)) return;
  response.body = Readable.from(limited(response.body, maxBytes), { objectMode: false });
}

async function* limited(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new AnswerTooLargeError(`The answer is larger than ${maxBytes} bytes.`);
    yield chunk;
  }
}

function hasBody(response: unknown): response is { body: Readable } {
  return typeof response === 'object' && response !== null && 'body' in response && response.body instanceof Readable;
}
