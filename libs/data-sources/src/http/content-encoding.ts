import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

import { ResponseTooLargeError } from './response-too-large-error.js';

const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Undoes a `content-encoding`. A template may pass on the client's `accept-encoding`, and its response handler expects text
 * all the same. What is not known, several encodings at once among it, is left as it is.
 *
 * @throws ResponseTooLargeError before more than `maxBytes` are unpacked, whatever a few bytes claim to hold
 */
export async function decodeBody(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decode = decoders.get(encoding);
  if (!decode || body.length === 0) return body;
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw new ResponseTooLargeError(maxBytes);
    throw error;
  }
}
