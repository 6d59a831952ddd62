import { FieldError, RequestError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import type { Credentials } from '../credentials.js';
import { refuse } from '../refuse.js';
import { readAuthoriserAnswer, UnusableAnswerError } from './authoriser-answer.js';
import type { AuthoriserAnswer } from './authoriser-answer.js';
import { toAuthoriserEvent } from './authoriser-event.js';
import type { AuthoriserSource } from './authoriser-event.js';
import type { ImplementationsOf } from './denied-fields.js';
import { readFunctionFailure } from './function-failure.js';
import { UnreadableRequestError } from './sent-operation.js';
import { withoutToken } from './without-token.js';

/**
 * Runs the authoriser's function on an event, JSON text. Rejects with a FieldError when the function could not be run or its
 * answer did not come whole: faults that pass. When the signal fires, nobody waits any more.
 */
export type InvokeAuthoriser = (event: string, signal: AbortSignal) => Promise<AuthoriserReply>;

/** What the function said: JSON text, of an answer or of a failure `{errorType, errorMessage}`. */
export interface AuthoriserReply {
  readonly kind: 'result' | 'failure';
  readonly payload: string;
}

export interface AuthoriserCall extends AuthoriserSource {
  readonly invoke: InvokeAuthoriser;
  readonly timeoutMs: number;
  readonly implementationsOf: ImplementationsOf | undefined;
  readonly onFault: (error: Error, text: string) => void;
}

/** `unusable`: it failed, or answered what it must not. That lets nobody in, and says nothing about other requests. */
export type Asked =
  | { readonly kind: 'answered'; readonly answer: AuthoriserAnswer; readonly bytes: number }
  | { readonly kind: 'unusable' };

/** The texts of faults, one for each kind, so that a log can count them. */
const faultTexts = Object.freeze({
  unanswered: 'The Lambda authorizer did not answer.',
  unusable: 'The Lambda authorizer gave no usable answer, so the request was refused.',
  unreadable: 'The Lambda authorizer denied a field that is none, so every field was denied.',
});

/** Largest event, in bytes: Lambda's own limit for synchronous invocations. */
const maxEventBytes = 6_291_556;

/**
 * Asks the function about one request.
 *
 * @throws RequestError `INTERNAL_FAILURE`, which clients retry, when there was no answer; `UNAUTHORIZED` for a request that an
 * authoriser can't be asked about
 */
export async function askAuthoriser(token: string, credentials: Credentials, call: AuthoriserCall): Promise<Asked> {
  const event = writeEvent(token, credentials, call);
  const report = (error: Error, text: string) => call.onFault(withoutToken(error, token), text);
  try {
    const reply = await withinTime(call.timeoutMs, (signal) => call.invoke(event, signal));
    return readReply(reply, call, report);
  } catch (error) {
    if (error instanceof UnusableAnswerError) {
      report(error, faultTexts.unusable);
      return { kind: 'unusable' };
    }
    if (!(error instanceof FieldError || error instanceof NoAnswerError)) throw error;
    const cause = withoutToken(error, token);
    call.onFault(cause, faultTexts.unanswered);
    throw new RequestError('INTERNAL_FAILURE', 'Credentials cannot be verified at the moment.', { cause });
  }
}

function writeEvent(token: string, credentials: Credentials, source: AuthoriserSource): string {
  const event = JSON.stringify(eventOf(token, credentials, source));
  const size = Buffer.byteLength(event);
  if (size <= maxEventBytes) return event;
  throw refuse('refused', new Error(`The event has ${size} bytes; at most ${maxEventBytes} are allowed.`));
}

function eventOf(token: string, credentials: Credentials, source: AuthoriserSource): JsonObject {
  if (credentials.request === null) {
    throw refuse('refused', new Error('An authorizer must be told of the request, and there is none.'));
  }
  try {
    return toAuthoriserEvent(token, credentials, credentials.request, source);
  } catch (error) {
    throw error instanceof UnreadableRequestError ? refuse('refused', error) : error;
  }
}

function readReply(
  { kind, payload }: AuthoriserReply,
  { apiId, implementationsOf }: AuthoriserCall,
  report: (error: Error, text: string) => void,
): Asked {
  if (kind === 'failure') {
    const { errorType, isException } = readFunctionFailure(payload);
    const text = `The function failed (${errorType ?? 'without a name'}).`;
    throw isException ? new UnusableAnswerError(text) : new NoAnswerError(text);
  }
  const answer = readAuthoriserAnswer(payload, apiId, implementationsOf);
  if (answer.isAuthorized && answer.denied.unreadable.length > 0) {
    const entries = answer.denied.unreadable.slice(0, 5).map((entry) => JSON.stringify(entry));
    report(new Error(`deniedFields has ${entries.join(', ')}.`), faultTexts.unreadable);
  }
  return { kind: 'answered', answer, bytes: Buffer.byteLength(payload) };
}

/** There was no answer, and there may be one next time. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The promise's outcome, or a NoAnswerError when the time is up, whether the signal is heeded or not. */
function withinTime<Result>(timeoutMs: number, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const time = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NoAnswerError(`There was no answer in ${timeoutMs} ms.`));
      time.abort();
    }, timeoutMs);
    run(time.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
