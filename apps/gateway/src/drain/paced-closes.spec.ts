import { describe, expect, it } from 'vitest';
import { PacedCloses } from './paced-closes.js';

/** A connection that notes when it was sent away. */
interface Noted {
  goAway(): void;
  readonly number: number;
  closedAt: number | undefined;
}

function setUp({ count = 1_000, overMs = 10_000 } = {}) {
  const clock = { now: 5_000 };
  const connect = (number: number): Noted => ({
    number,
    closedAt: undefined,
    goAway() {
      expect(this.closedAt).toBeUndefined();
      this.closedAt = clock.now - 5_000;
    },
  });
  const connections = Array.from({ length: count }, (_, number) => connect(number));
  const closes = new PacedCloses(connections, { overMs, now: () => clock.now });
  /** Looks every `stepMs` until so much time has passed since the beginning. */
  const runTo = (ms: number, stepMs = 50): void => {
    while (clock.now < 5_000 + ms) {
      clock.now = Math.min(clock.now + stepMs, 5_000 + ms);
      closes.closeDue();
    }
  };
  return { clock, connect, connections, closes, runTo };
}

/** How many were closed in each tenth of a time. */
function histogram(connections: readonly Noted[], overMs: number): number[] {
  const bins = new Array<number>(10).fill(0);
  for (const { closedAt } of connections) bins[Math.min(9, Math.floor((closedAt! - 1) / (overMs / 10)))]! += 1;
  return bins;
}

describe('PacedCloses', () => {
  it('should close as many in each part of its time, and the last at its end', () => {
    const { connections, closes, runTo } = setUp();
    runTo(9_950);
    expect(closes.isDone).toBe(false);
    runTo(10_000);
    expect([closes.isDone, closes.closed]).toEqual([true, 1_000]);
    for (const bin of histogram(connections, 10_000)) expect(Math.abs(bin - 100)).toBeLessThanOrEqual(2);
  });

  it('should spread them whatever the time between two looks', () => {
    const { connections, runTo } = setUp();
    runTo(10_000, 730);
    for (const { closedAt } of connections) expect(closedAt! % 730 === 0 || closedAt === 10_000).toBe(true);
    expect(connections.filter(({ closedAt }) => closedAt! <= 5_110)).toHaveLength(511);
  });

  it('should close in another order than that of arrival', () => {
    const { connections, runTo } = setUp();
    runTo(5_000);
    // Of those that came first, half; by chance alone 250 give or take 11.
    const early = connections.slice(0, 500).filter(({ closedAt }) => closedAt !== undefined);
    expect(early.length).toBeGreaterThan(180);
    expect(early.length).toBeLessThan(320);
  });

  it('should go on evenly when half of them leave by themselves, and not close those', () => {
    const { connections, closes, runTo } = setUp();
    runTo(2_000);
    const left = connections.filter(({ closedAt }) => closedAt === undefined).slice(0, 400);
    for (const connection of left) closes.remove(connection);
    runTo(10_000);
    expect(closes.closed).toBe(600);
    expect(left.every(({ closedAt }) => closedAt === undefined)).toBe(true);
    const others = connections.filter(({ closedAt }) => closedAt !== undefined && closedAt > 2_000);
    for (const bin of histogram(others, 10_000).slice(2)) expect(Math.abs(bin - 50)).toBeLessThanOrEqual(2);
  });

  it('should close those that come late before its end, and at once after it', () => {
    const { connect, closes, runTo } = setUp({ count: 10 });
    runTo(9_000);
    const late = connect(10);
    closes.add(late);
    runTo(10_000);
    expect(late.closedAt).toBeLessThanOrEqual(10_000);
    expect(closes.isDone).toBe(true);
    const later = connect(11);
    closes.add(later);
    expect(closes.isDone).toBe(false);
    closes.closeDue();
    expect(later.closedAt).toBeDefined();
  });

  it('should close all at once over no time', () => {
    const { closes } = setUp({ count: 100, overMs: 0 });
    expect(closes.closeDue()).toBe(100);
    expect(closes.isDone).toBe(true);
  });

  it('should be done with nobody', () => {
    const { closes } = setUp({ count: 0 });
    expect([closes.isDone, closes.closeDue()]).toEqual([true, 0]);
  });

  it('should say how long it is overdue', () => {
    const { clock, closes } = setUp();
    expect(closes.overdueMs).toBe(-10_000);
    clock.now += 11_000;
    expect(closes.overdueMs).toBe(1_000);
  });
});
