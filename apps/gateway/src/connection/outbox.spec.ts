import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { maxGatherMs, maxWriteMs, Outbox } from './outbox.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Writers that note their number, each taking a while of the clock. */
function writersOf(count: number, takesMs = 0) {
  const order: number[] = [];
  const writers = Array.from({ length: count }, (_, number) => ({
    flush() {
      order.push(number);
      now += takesMs;
    },
  }));
  return { order, writers };
}

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

const turn = (): void => void vi.advanceTimersToNextTimer();

describe('Outbox', () => {
  it('should flush everybody at the end of the turn, in order, and then nobody', () => {
    const outbox = new Outbox({ flushIntervalMs: 0 });
    const { order, writers } = writersOf(100);
    for (const writer of writers) outbox.add(writer);
    expect(order).toEqual([]);
    turn();
    expect(order).toEqual([...writers.keys()]);
    expect(vi.getTimerCount()).toBe(0);
    outbox.add(writers[7]!);
    turn();
    expect(order.at(-1)).toBe(7);
  });

  it('should wait for the interval where there is one', () => {
    const outbox = new Outbox({ flushIntervalMs: 20 });
    const { order, writers } = writersOf(1);
    outbox.add(writers[0]!);
    vi.advanceTimersByTime(19);
    expect(order).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(order).toEqual([0]);
  });

  it('should let the event loop turn while it writes to very many, and forget none', () => {
    const outbox = new Outbox({ flushIntervalMs: 0 });
    const { order, writers } = writersOf(100, 1);
    for (const writer of writers) outbox.add(writer);
    turn();
    expect(order.length).toBeGreaterThanOrEqual(maxWriteMs);
    expect(order.length).toBeLessThan(100);
    const late = writersOf(1);
    outbox.add(late.writers[0]!);
    while (vi.getTimerCount() > 0) turn();
    expect(order).toEqual([...writers.keys()]);
    expect(late.order).toEqual([0]);
  });

  it('should write what is late before a turn ends that is long', () => {
    const outbox = new Outbox({ flushIntervalMs: 0 });
    const { order, writers } = writersOf(2);
    outbox.catchUp();
    outbox.add(writers[0]!);
    outbox.catchUp();
    expect(order).toEqual([]);
    now += maxGatherMs;
    outbox.catchUp();
    expect(order).toEqual([0]);
    outbox.add(writers[1]!);
    outbox.catchUp();
    expect(order).toEqual([0]);
    turn();
    expect(order).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('should wait for work that is about to bring more, but not for long', () => {
    let isBusy = true;
    const outbox = new Outbox({ flushIntervalMs: 0, isBusy: () => isBusy });
    const { order, writers } = writersOf(2);
    outbox.add(writers[0]!);
    turn();
    expect(order).toEqual([]);
    isBusy = false;
    turn();
    expect(order).toEqual([0]);

    isBusy = true;
    outbox.add(writers[1]!);
    turn();
    expect(order).toEqual([0]);
    now += maxGatherMs;
    turn();
    expect(order).toEqual([0, 1]);
  });
});
