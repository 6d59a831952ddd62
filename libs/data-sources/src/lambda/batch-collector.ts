import type { JsonValue } from '#libs/protocol';

import { cancellationOf } from '../cancellation.js';

/** Runs a function on a list of payloads and answers as many results in the same order, or rejects for all of them. */
export type RunBatch = (payloads: readonly JsonValue[], signal: AbortSignal) => Promise<readonly JsonValue[]>;

/** One call that waits to be answered together with others. */
export interface CollectedCall {
  readonly payload: JsonValue;
  /** Calls of different requests never meet. */
  readonly request: object;
  /** What calls of one request must have in common to be answered together. */
  readonly key: string;
  /** From 1. A batch that is full is sent at once, and the next call begins another. */
  readonly maxBatchSize: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly call: CollectedCall;
  readonly resolve: (result: JsonValue) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Collects the calls that sibling fields make in one turn of the event loop. GraphQL starts the fields of all items of a list
 * in one go, so when the turn ends, each has asked; waiting longer would only add to the latency.
 */
export class BatchCollector {
  readonly #run: RunBatch;
  /** Batches that are being filled. Weak, so that a request that is over leaves nothing behind. */
  readonly #open = new WeakMap<object, Map<string, Waiting[]>>();

  constructor(run: RunBatch) {
    this.#run = run;
  }

  collect(call: CollectedCall): Promise<JsonValue> {
    return new Promise((resolve, reject) => {
      const batches = this.#batchesOf(call.request);
      const batch = batches.get(call.key) ?? this.#begin(batches, call.key);
      batch.push({ call, resolve, reject });
      if (batch.length >= call.maxBatchSize) this.#send(batches, call.key, batch);
    });
  }

  #batchesOf(request: object): Map<string, Waiting[]> {
    const known = this.#open.get(request);
    if (known) return known;
    const batches = new Map<string, Waiting[]>();
    this.#open.set(request, batches);
    return batches;
  }

  #begin(batches: Map<string, Waiting[]>, key: string): Waiting[] {
    const batch: Waiting[] = [];
    batches.set(key, batch);
    setImmediate(() => {
      if (batches.get(key) === batch) this.#send(batches, key, batch);
    });
    return batch;
  }

  #send(batches: Map<string, Waiting[]>, key: string, batch: readonly Waiting[]): void {
    batches.delete(key);
    void this.#answer(batch);
  }

  /** Sends the calls that still wait and hands each its answer; a call whose signal fires does not wait for the others. */
  async #answer(batch: readonly Waiting[]): Promise<void> {
    const waiting = batch.filter(({ call, reject }) => {
      if (call.signal?.aborted) reject(cancellationOf(call.signal));
      return !call.signal?.aborted;
    });
    if (waiting.length === 0) return;
    const cancellation = cancelTogether(waiting);
    try {
      const payloads = waiting.map(({ call }) => call.payload);
      const results = await this.#run(payloads, cancellation.signal);
      waiting.forEach(({ resolve }, index) => resolve(results[index] ?? null));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    } finally {
      cancellation.release();
    }
  }
}

/** Rejects each call when its signal fires, and ends the batch when nobody waits for it any more. */
function cancelTogether(waiting: readonly Waiting[]): { signal: AbortSignal; release: () => void } {
  const batch = new AbortController();
  const ended = new AbortController();
  let left = waiting.length;
  for (const { call, reject } of waiting) {
    const { signal } = call;
    signal?.addEventListener(
      'abort',
      () => {
        reject(cancellationOf(signal));
        left -= 1;
        if (left === 0) batch.abort(signal.reason);
      },
      { once: true, signal: ended.signal },
    );
  }
  return { signal: batch.signal, release: () => ended.abort() };
}
