import { isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { readDeniedFields } from './denied-fields.js';
import type { DeniedFields, ImplementationsOf } from './denied-fields.js';

/** Largest `resolverContext`, in bytes of JSON: AppSync's limit. */
const maxContextBytes = 5 * 1024 * 1024;

/** Longest time an answer is kept, in seconds: AppSync's limit for the setting, applied to `ttlOverride` as well. */
const maxTtlSeconds = 3600;

/** What a Lambda authoriser answered, checked (AppSync reference, section 6). */
export type AuthoriserAnswer = Denial | Permission;

interface Denial {
  readonly isAuthorized: false;
  /** How long the answer may be kept, in milliseconds, up to an hour; 0 is not at all. Null: what the API says. */
  readonly ttlMs: number | null;
}

/** Somebody is let in. */
export interface Permission {
  readonly isAuthorized: true;
  readonly ttlMs: number | null;
  /** Flat, frozen. Empty where the answer has none. */
  readonly resolverContext: JsonObject;
  readonly denied: DeniedFields;
}

/** An answer that is not what an authoriser may answer, so that nobody is let in by it. Names the member, never its value. */
export class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError';
}

/** @throws UnusableAnswerError */
export function readAuthoriserAnswer(
  payload: string,
  apiId: string,
  implementationsOf?: ImplementationsOf,
): AuthoriserAnswer {
  const answer = parse(payload);
  if (!isJsonObject(answer)) throw new UnusableAnswerError('The answer must be an object.');
  const { isAuthorized, resolverContext, deniedFields, ttlOverride } = answer;
  if (typeof isAuthorized !== 'boolean') throw new UnusableAnswerError('isAuthorized must be true or false.');
  const ttlMs = readTtl(ttlOverride ?? null);
  if (!isAuthorized) return { isAuthorized, ttlMs };
  return {
    isAuthorized,
    ttlMs,
    resolverContext: readContext(resolverContext ?? {}),
    denied: readDeniedFields(readList(deniedFields ?? []), apiId, implementationsOf),
  };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // The error is dropped on purpose: JSON.parse quotes its input, and functions echo what they were sent.
    throw new UnusableAnswerError('The answer is no JSON.');
  }
}

function readTtl(ttlOverride: JsonValue): number | null {
  if (ttlOverride === null) return null;
  if (typeof ttlOverride !== 'number' || !(ttlOverride >= 0)) {
    throw new UnusableAnswerError('ttlOverride must be a number of seconds, 0 or more.');
  }
  return Math.min(ttlOverride, maxTtlSeconds) * 1000;
}

function readContext(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw new UnusableAnswerError('resolverContext must be an object.');
  for (const [index, member] of Object.values(value).entries()) {
    if (isFlat(member)) continue;
    throw new UnusableAnswerError(
      `resolverContext must have strings, finite numbers, true, false and null only; its member ${index + 1} is another.`,
    );
  }
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > maxContextBytes) {
    throw new UnusableAnswerError(`resolverContext has ${size} bytes; at most ${maxContextBytes} are allowed.`);
  }
  return Object.freeze(value);
}

function isFlat(member: JsonValue): boolean {
  // JSON has numbers that no JavaScript number is, such as 1e999.
  if (typeof member === 'number') return Number.isFinite(member);
  return member === null || typeof member !== 'object';
}

function readList(value: JsonValue): readonly string[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw new UnusableAnswerError('deniedFields must be a list of strings.');
}
