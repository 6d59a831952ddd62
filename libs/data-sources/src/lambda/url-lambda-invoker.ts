import { Agent } from 'undici';

import { DeadlineError } from '../deadline.js';
import { readHeader, sendBounded } from '../http/bounded-request.js';
import type { BoundedResponse } from '../http/bounded-request.js';
import { ResponseTooLargeError } from '../http/response-too-large-error.js';
import { executionTimeout, illegalArgument, unreachable } from './lambda-error.js';
import { defaultTimeoutMs, maxPayloadBytes, tooLargeAnswer } from './lambda-invoker.js';
import type { LambdaAnswer, LambdaInvoker } from './lambda-invoker.js';

export interface UrlLambdaInvokerOptions {
  /** Where invocations are posted to, `http://` or `https://`. It comes from the definition, so it may be any host. */
  readonly url: string;
  /** Sent with each invocation, e.g. a shared secret. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest wait for an answer, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/**
 * Runs a function behind an HTTP address, in the words of Lambda's own API:
 *
 * - the request is a POST whose body is the event, with `x-amz-invocation-type: RequestResponse` or `Event`;
 * - any 2xx status is an answer; its body is the result, JSON or empty for null. An `Event` should be answered at once, its
 *   body is not looked at;
 * - an answer with the header `x-amz-function-error` is a failure, its body `{"errorType", "errorMessage"}`;
 * - 429 means throttled, every other status that the function was not run.
 *
 * @throws RangeError at once for a `url` that is none, or has a user name or password in it
 */
export function createUrlLambdaInvoker({
  url: address,
  headers = {},
  timeoutMs = defaultTimeoutMs,
}: UrlLambdaInvokerOptions): LambdaInvoker {
  const url = readUrl(address);
  const agent = new Agent({ connections: 256, connect: { timeout: 2000 } });
  let closed: Promise<void> | undefined;
  return {
    async invoke({ payload, invocationType, signal }) {
      try {
        const response = await sendBounded(agent, {
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/json', 'x-amz-invocation-type': invocationType },
          body: payload,
          signal,
          timeoutMs,
          maxResponseBytes: maxPayloadBytes,
        });
        const answer = toAnswer(response);
        return invocationType === 'Event' ? { kind: 'result', payload: '' } : answer;
      } catch (error) {
        if (error instanceof ResponseTooLargeError) return tooLargeAnswer();
        if (error instanceof DeadlineError) throw executionTimeout(error);
        throw error instanceof Error && 'code' in error ? unreachable(error) : error;
      }
    },
    async close() {
      await (closed ??= agent.destroy());
    },
  };
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw new RangeError(
      'The address of a function must be an http:// or https:// URL without user name and password.',
    );
  }
  return url;
}

function toAnswer({ statusCode, headers, body }: BoundedResponse): LambdaAnswer {
  if (statusCode === 429) throw illegalArgument('Rate Exceeded.');
  if (statusCode < 200 || statusCode > 299)
    throw unreachable(new Error(`The function's address answered ${statusCode}.`));
  const isFailure = readHeader(headers, 'x-amz-function-error') !== undefined;
  return { kind: isFailure ? 'failure' : 'result', payload: body.toString() };
}
