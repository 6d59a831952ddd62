/**
 * One way to run a function: AWS's service, an HTTP address, a file in a worker. All pass `test/lambda-invoker.contract.ts`.
 */
export interface LambdaInvoker {
  /**
   * Runs the function once; it is never tried again, because what a first run did is not known. An `Event` is answered with
   * the result `null` as soon as it is taken, whatever becomes of it.
   *
   * @throws FieldError when the function could not be run, or its answer did not come whole. Anything else is a bug.
   */
  invoke(invocation: LambdaInvocation): Promise<LambdaAnswer>;

  /** Gives back connections and threads; what is under way may be cut off. May be called twice. */
  close(): Promise<void>;
}

export interface LambdaInvocation {
  /** What the function receives, JSON text of at most {@link maxPayloadBytes}. */
  readonly payload: string;
  readonly invocationType: InvocationType;
  /** Ends the waiting, and where the transport can do it the run. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/** `RequestResponse` waits for the answer; `Event` does not. */
export type InvocationType = 'RequestResponse' | 'Event';

/**
 * What a function answered: JSON text, not parsed yet. A `failure` is what it raised, `{errorType, errorMessage, …}`; the
 * empty text stands for null.
 */
export interface LambdaAnswer {
  readonly kind: 'result' | 'failure';
  readonly payload: string;
}

/** Largest payload in either direction: Lambda's own limit for synchronous invocations. */
export const maxPayloadBytes = 6_291_556;

/** Longest wait for an answer, in milliseconds. Default of every invoker: AppSync's limit for a request. */
export const defaultTimeoutMs = 30_000;

/** The failure that Lambda itself reports for an answer over its limit. */
export function tooLargeAnswer(): LambdaAnswer {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`;
  return { kind: 'failure', payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }) };
}
