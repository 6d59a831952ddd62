import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel } from './timer-wheel.js';
import type { TimerWheelOptions } from './timer-wheel.js';

const onFailure = vi.fn();
const wheels: TimerWheel[] = [];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const wheel of wheels.splice(0)) wheel.stop();
  onFailure.mockReset();
  vi.useRealTimers();
});

function wheelOf(options: Partial<TimerWheelOptions> = {}): TimerWheel {
  const wheel = new TimerWheel({ onFailure, tickMs: 10, slots: 8, ...options });
  wheels.push(wheel);
  return wheel;
}

describe('TimerWheel', () => {
  it.each([0, 1, 9, 10, 11, 70, 79, 80, 81, 160, 163, 1_000, 86_400])(
    'should run a function after %i ms, not before and at most a tick late',
    (delayMs) => {
      const wheel = wheelOf();
      vi.advanceTimersByTime(3);
      const run = vi.fn();
      wheel.after(delayMs, run);
      vi.advanceTimersByTime(Math.max(0, delayMs - 1));
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(11);
      expect(run).toHaveBeenCalledOnce();
      vi.advanceTimersByTime(1_000);
      expect(run).toHaveBeenCalledOnce();
    },
  );

  it('should treat a time that has passed as the next tick', () => {
    const run = vi.fn();
    wheelOf().after(-5_000, run);
    vi.advanceTimersByTime(10);
    expect(run).toHaveBeenCalledOnce();
  });

  it('should not run what was cancelled, however often', () => {
    const wheel = wheelOf();
    const run = vi.fn();
    const timers = [wheel.after(20, run), wheel.after(500, run)];
    for (const timer of [...timers, ...timers, undefined]) wheel.cancel(timer);
    vi.advanceTimersByTime(1_000);
    expect(run).not.toHaveBeenCalled();
    expect(wheel.size).toBe(0);
  });

  it('should count what waits, and nothing twice', () => {
    const wheel = wheelOf();
    const done = wheel.after(10, () => undefined);
    wheel.after(1_000, () => undefined);
    expect(wheel.size).toBe(2);
    vi.advanceTimersByTime(20);
    wheel.cancel(done);
    expect(wheel.size).toBe(1);
  });

  it('should let a function add and cancel others', () => {
    const wheel = wheelOf();
    const ran: string[] = [];
    wheel.after(10, () => {
      ran.push('first');
      wheel.cancel(cancelled);
      wheel.after(0, () => ran.push('next tick'));
      wheel.after(80, () => ran.push('a turn later, in the same slot'));
    });
    const cancelled = wheel.after(10, () => ran.push('cancelled'));
    vi.advanceTimersByTime(10);
    expect(ran).toEqual(['first']);
    vi.advanceTimersByTime(10);
    expect(ran).toEqual(['first', 'next tick']);
    vi.advanceTimersByTime(80);
    expect(ran).toEqual(['first', 'next tick', 'a turn later, in the same slot']);
  });

  it('should report what fails and run the rest', () => {
    const wheel = wheelOf();
    const run = vi.fn();
    const failure = new Error('broken');
    wheel.after(10, () => {
      throw failure;
    });
    wheel.after(10, run);
    wheel.after(20, run);
    vi.advanceTimersByTime(20);
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(failure);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('should make up for time in which the process was held up, in order', () => {
    let now = 0;
    const wheel = wheelOf({ now: () => now });
    const ran: number[] = [];
    for (const delay of [300, 30, 90, 10, 170, 900]) wheel.after(delay, () => ran.push(delay));
    now = 400;
    vi.advanceTimersByTime(10);
    expect(ran).toEqual([10, 30, 90, 170, 300]);
  });

  it('should use one timer of Node, and none when stopped', () => {
    const wheel = wheelOf();
    const run = vi.fn();
    for (let n = 0; n < 1_000; n += 1) wheel.after(n, run);
    expect(vi.getTimerCount()).toBe(1);
    wheel.stop();
    expect([vi.getTimerCount(), wheel.size]).toEqual([0, 0]);
    vi.advanceTimersByTime(2_000);
    expect(run).not.toHaveBeenCalled();
  });
});
