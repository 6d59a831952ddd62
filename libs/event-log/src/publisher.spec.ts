import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { FieldError, RequestError } from '#libs/protocol';

import type { SequencedEntry } from './log-entry.js';
import { LogUnavailableError } from './log-unavailable-error.js';
import { Publisher } from './publisher.js';

const event = (id: string) => ({ kind: 'event', mutation: 'createTask', payload: JSON.stringify({ id }) }) as const;

/** A log whose appends are answered by the test, one after another. */
class ScriptedLog {
  readonly batches: (readonly SequencedEntry[])[] = [];
  isAway = false;
  #answers: (() => void)[] = [];
  isHeld = false;
  inFlight = 0;
  mostInFlight = 0;

  async append(batch: readonly SequencedEntry[]): Promise<readonly []> {
    this.batches.push(batch);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.inFlight, this.mostInFlight);
    if (this.isHeld) await new Promise<void>((resolve) => this.#answers.push(resolve));
    this.inFlight -= 1;
    if (this.isAway) throw new LogUnavailableError('Redis is away.');
    return [];
  }

  answer(): void {
    this.#answers.shift()?.();
  }

  /** Payload ids of each append. */
  get story(): string[][] {
    return this.batches.map((batch) => batch.map(({ entry }) => (JSON.parse(entry.payload) as { id: string }).id));
  }
}

/** Turns of the event loop stay real: the publisher gathers what is published in one. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));
afterEach(() => void vi.useRealTimers());

describe('publishing to a log that answers', () => {
  test('should resolve when the log has the entries', async () => {
    const log = new ScriptedLog();
    const publisher = new Publisher(log);
    await expect(publisher.publish([event('t1'), event('t2')])).resolves.toBe('appended');
    expect(publisher.counters).toMatchObject({ queued: 0, queuedBytes: 0, appended: 2, deferred: 0, retried: 0 });
  });

  test('should number entries from 1, under a producer of its own', async () => {
    const log = new ScriptedLog();
    await new Publisher(log).publish([event('t1'), event('t2')]);
    await new Publisher(log).publish([event('t3')]);
    const [first, second] = log.batches;
    expect(first?.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(second?.[0]?.sequence).toBe(1);
    expect(second?.[0]?.producer).not.toBe(first?.[0]?.producer);
  });

  test('should keep one append in flight and gather what waits', async () => {
    const log = new ScriptedLog();
    log.isHeld = true;
    const publisher = new Publisher(log);
    const results = [publisher.publish([event('t1')])];
    await turnOfTheLoop();
    results.push(...['t2', 't3'].map((id) => publisher.publish([event(id)])));
    await turnOfTheLoop();
    log.answer();
    await results[0];
    log.answer();
    await expect(Promise.all(results)).resolves.toEqual(['appended', 'appended', 'appended']);
    expect(log.story).toEqual([['t1'], ['t2', 't3']]);
    expect(log.mostInFlight).toBe(1);
  });

  test('should append together what is published in one turn of the event loop', async () => {
    const log = new ScriptedLog();
    const publisher = new Publisher(log);
    await Promise.all(['t1', 't2'].map((id) => publisher.publish([event(id)])));
    expect(log.story).toEqual([['t1', 't2']]);
  });

  test('should bound a batch, but never split what was published together', async () => {
    const log = new ScriptedLog();
    log.isHeld = true;
    const publisher = new Publisher(log, { maxBatchEntries: 2 });
    const results = [
      publisher.publish([event('t1')]),
      publisher.publish([event('t2')]),
      publisher.publish([event('t3'), event('t4'), event('t5')]),
      publisher.publish([event('t6')]),
    ];
    for (let batch = 0; batch < 3; batch += 1) {
      await turnOfTheLoop();
      log.answer();
    }
    await Promise.all(results);
    expect(log.story).toEqual([['t1', 't2'], ['t3', 't4', 't5'], ['t6']]);
  });

  test('should have nothing to do for no entries', async () => {
    const log = new ScriptedLog();
    await expect(new Publisher(log).publish([])).resolves.toBe('appended');
    expect(log.batches).toEqual([]);
  });

  test('should refuse an entry that alone is too large, and append its company', async () => {
    const log = new ScriptedLog();
    const publisher = new Publisher(log, { maxEntryBytes: 20 });
    const refusal = publisher.publish([event('t1'), event('ü'.repeat(10)), event('t2')]);
    await expect(refusal).rejects.toThrow('The event of createTask has 29 bytes; at most 20 can be published.');
    await expect(refusal).rejects.toBeInstanceOf(FieldError);
    expect(log.story).toEqual([['t1', 't2']]);
    expect(publisher.counters).toMatchObject({ queued: 0, appended: 2, refused: 0, oversized: 1 });
  });

  test('should refuse an entry that is too large and has no company', async () => {
    const log = new ScriptedLog();
    const publisher = new Publisher(log, { maxEntryBytes: 20 });
    await expect(publisher.publish([event('ü'.repeat(10))])).rejects.toBeInstanceOf(FieldError);
    expect(log.batches).toEqual([]);
    expect(publisher.counters).toMatchObject({ queued: 0, oversized: 1 });
  });
});

describe('publishing while the log is away', () => {
  test('should defer after the time-out, and append in order when the log is back', async () => {
    const log = new ScriptedLog();
    const errors: unknown[] = [];
    const publisher = new Publisher(log, { ackTimeoutMs: 500, onError: (error) => errors.push(error) });
    log.isAway = true;
    const deferred = [publisher.publish([event('t1')]), publisher.publish([event('t2')])];
    await vi.advanceTimersByTimeAsync(500);
    await expect(Promise.all(deferred)).resolves.toEqual(['deferred', 'deferred']);
    expect(publisher.counters).toMatchObject({ queued: 2, deferred: 2, appended: 0 });
    expect(errors.length).toBe(publisher.counters.retried);

    log.isAway = false;
    const late = publisher.publish([event('t3')]);
    await vi.advanceTimersByTimeAsync(2000);
    await late;
    expect(log.story.at(-1)).toEqual(['t1', 't2', 't3']);
    expect(log.batches.at(-1)?.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(publisher.counters).toMatchObject({ queued: 0, queuedBytes: 0, appended: 3 });
  });

  test('should defer at once while a failed append is being tried again, and wait for the log again afterwards', async () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log, { ackTimeoutMs: 500, firstRetryMs: 100 });
    const first = publisher.publish([event('t1')]);
    await turnOfTheLoop();
    // No time passes: whatever waits for a timer is not answered.
    await expect(publisher.publish([event('t2'), event('t3')])).resolves.toBe('deferred');
    expect(publisher.counters).toMatchObject({ queued: 3, deferred: 2 });

    log.isAway = false;
    await vi.advanceTimersByTimeAsync(100);
    await expect(first).resolves.toBe('appended');
    await expect(publisher.publish([event('t4')])).resolves.toBe('appended');
    expect(log.story).toEqual([['t1'], ['t1', 't2', 't3'], ['t4']]);
    expect(publisher.counters).toMatchObject({ queued: 0, appended: 4, deferred: 2 });
  });

  test('should defer at once when somebody has waited for an answer in vain, until the log gives one', async () => {
    const log = new ScriptedLog();
    log.isHeld = true;
    const publisher = new Publisher(log, { ackTimeoutMs: 500 });
    const first = publisher.publish([event('t1')]);
    await turnOfTheLoop();
    await vi.advanceTimersByTimeAsync(500);
    await expect(first).resolves.toBe('deferred');
    await expect(publisher.publish([event('t2')])).resolves.toBe('deferred');

    log.isHeld = false;
    log.answer();
    await turnOfTheLoop();
    await expect(publisher.publish([event('t3')])).resolves.toBe('appended');
    expect(log.story).toEqual([['t1'], ['t2'], ['t3']]);
  });

  test('should wait longer between tries, up to the longest pause', async () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log, { firstRetryMs: 100, longestRetryMs: 1000 });
    void publisher.publish([event('t1')]);
    await vi.advanceTimersByTimeAsync(100 + 200 + 400 + 800 + 10 * 1000);
    const tries = log.batches.length;
    // Between the pauses at their shortest (three quarters) and at their longest.
    expect(tries).toBeGreaterThanOrEqual(14);
    expect(tries).toBeLessThanOrEqual(19);
    publisher.close();
  });

  test('should be unready from half full, refuse from full, and keep a reserve for mutations already let in', async () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log, { maxQueuedEntries: 4 });
    const claims: string[] = [];
    for (let i = 1; i <= 5; i += 1) {
      void publisher.publish([event(`t${i}`)]);
      claims.push(`${i}: ${publisher.isReady ? 'ready' : 'unready'} ${publisher.isAccepting ? 'accepting' : 'full'}`);
    }
    expect(claims).toEqual([
      '1: ready accepting',
      '2: unready accepting',
      '3: unready accepting',
      '4: unready full',
      '5: unready full',
    ]);
    const refusal = publisher.publish([event('t6')]);
    await expect(refusal).rejects.toBeInstanceOf(RequestError);
    await expect(refusal).rejects.toMatchObject({ code: 'PUBLISH_QUEUE_FULL' });
    expect(publisher.counters).toMatchObject({ queued: 5, refused: 1 });
    publisher.close();
  });

  test('should be full by bytes as well as by entries', () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log, { maxQueuedBytes: 24 });
    void publisher.publish([event('t1')]);
    expect([publisher.isReady, publisher.isAccepting]).toEqual([true, true]);
    void publisher.publish([event('t2')]);
    void publisher.publish([event('t3')]);
    expect([publisher.isReady, publisher.isAccepting]).toEqual([false, false]);
    publisher.close();
  });
});

describe('ending', () => {
  test('should drain what waits as soon as the log is back', async () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log, { firstRetryMs: 60_000, longestRetryMs: 60_000 });
    void publisher.publish([event('t1')]);
    await vi.advanceTimersByTimeAsync(1000);
    log.isAway = false;
    await expect(publisher.drain(5000)).resolves.toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('should stop waiting for a drain when its time is over, and say how many are lost', async () => {
    const log = new ScriptedLog();
    log.isAway = true;
    const publisher = new Publisher(log);
    void publisher.publish([event('t1'), event('t2')]);
    const drained = publisher.drain(3000);
    await vi.advanceTimersByTimeAsync(3000);
    await expect(drained).resolves.toBe(false);
    expect(publisher.close()).toBe(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('should drain at once when nothing waits, and take nothing once closed', async () => {
    const publisher = new Publisher(new ScriptedLog());
    await expect(publisher.drain(1000)).resolves.toBe(true);
    publisher.close();
    expect(publisher.isAccepting).toBe(false);
    await expect(publisher.publish([event('t1')])).rejects.toMatchObject({ code: 'PUBLISH_QUEUE_FULL' });
  });
});
