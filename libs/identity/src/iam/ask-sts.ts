import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { stsApiHeader } from './sts-token.js';

/** Who STS says that signed. */
export interface StsCaller {
  readonly accountId: string;
  readonly userArn: string;
  /** The principal: `AROAEXAMPLE:session` for an assumed role. */
  readonly userId: string;
}

export interface AskStsOptions {
  /** What the caller signed as `x-starling-api`. */
  readonly apiName: string;
  /** Longest time for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer, in bytes. */
  readonly maxBytes: number;
}

/**
 * Sends a caller's signed question to STS. A text answers that STS refused it. Throws when STS could not be asked or gave an
 * answer that is none of its own; no error holds the address, which is a credential.
 */
export async function askSts(url: string, options: AskStsOptions): Promise<StsCaller | string> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', [stsApiHeader]: options.apiName },
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeoutMs),
  }).catch((error: unknown) => {
    throw new Error(`STS did not answer (${reasonOf(error)}).`);
  });
  const text = await readText(response, options.maxBytes);
  if (response.status === 200) return readCaller(text);
  // STS says 400 for what is wrong with a signature and 403 for one that does not match; it throttles with 400 as well.
  const isRefusal = [400, 401, 403].includes(response.status) && !/Throttling|RequestLimitExceeded/.test(text);
  if (isRefusal) return `STS refused the proof with status ${response.status}`;
  throw new Error(`STS answered with status ${response.status}.`);
}

/** The kind of a failure: its own text may quote the address. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Error(`The answer of STS broke off (${reasonOf(error)}).`, { cause: error });
  }
  if (length > maxBytes) throw new Error(`STS answered with more than ${maxBytes} bytes.`);
  return Buffer.concat(chunks).toString('utf8');
}

function readCaller(text: string): StsCaller {
  const response = memberOf(parse(text), 'GetCallerIdentityResponse');
  const result = memberOf(response, 'GetCallerIdentityResult');
  const [accountId, userArn, userId] = ['Account', 'Arn', 'UserId'].map((name) => memberOf(result, name));
  if (typeof accountId !== 'string' || typeof userArn !== 'string' || typeof userId !== 'string' || userArn === '') {
    throw new Error('The answer of STS does not say who the caller is.');
  }
  return { accountId, userArn, userId };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new Error('The answer of STS is no JSON.', { cause: error });
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
