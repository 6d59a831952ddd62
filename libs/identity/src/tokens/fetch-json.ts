import type { JsonValue } from '#libs/protocol';

export interface FetchLimits {
  /** Longest time for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest body, in bytes, after decompression. */
  readonly maxBytes: number;
}

/**
 * The JSON document at an address. Only this address is asked: a redirect is a failure. Throws on any status but 200, on a
 * passed limit and on a body that is no JSON.
 */
export async function fetchJson(url: string, limits: FetchLimits): Promise<JsonValue> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(limits.timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered with status ${response.status}.`);
  }
  return JSON.parse(await readText(response, url, limits.maxBytes)) as JsonValue;
}

/** Stops reading at the limit: the answer is counted as it comes, whatever its headers say. */
async function readText(response: Response, url: string, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by the throw cancels the body and frees its socket.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error(`${url} answered with more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
