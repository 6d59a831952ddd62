import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel } from './timer-wheel.js';
import { isExpired, outlasts, TokenExpiry } from './token-expiry.js';

const minute = 60_000;
let timers: TimerWheel;
let offset = 0;
const clock = () => Date.now() + offset;

beforeEach(() => {
  vi.useFakeTimers();
  offset = 0;
  timers = new TimerWheel({ onFailure: vi.fn() });
});
afterEach(() => {
  timers.stop();
  vi.useRealTimers();
});

function watch(endsInMs: number | null, warningMs = minute) {
  const [onWarning, onExpired] = [vi.fn(), vi.fn()];
  const expiry = new TokenExpiry({ timers, clock, warningMs, onWarning, onExpired });
  expiry.watch(endsInMs === null ? null : clock() + endsInMs);
  return { expiry, onWarning, onExpired };
}

describe('TokenExpiry', () => {
  it('should warn with the time that is left, and say when it is over', () => {
    const { onWarning, onExpired } = watch(10 * minute);
    vi.advanceTimersByTime(9 * minute - 1);
    expect(onWarning).not.toHaveBeenCalled();
    vi.advanceTimersByTime(51);
    expect(onWarning).toHaveBeenCalledOnce();
    expect(onWarning.mock.calls[0]![0]).toBeGreaterThan(minute - 60);
    vi.advanceTimersByTime(minute - 52);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(onExpired).toHaveBeenCalledOnce();
    expect(onWarning).toHaveBeenCalledOnce();
    expect(timers.size).toBe(0);
  });

  it('should warn at once where less is left', () => {
    const { onWarning, onExpired } = watch(5_000);
    vi.advanceTimersByTime(50);
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(4_950);
    vi.advanceTimersByTime(5_000);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it.each([
    ['0 asks for none', 0],
    ['nobody listens', undefined],
  ])('should not warn where %s', (_name, warningMs) => {
    const onExpired = vi.fn();
    const onWarning = vi.fn();
    const options = warningMs === undefined ? {} : { onWarning, warningMs };
    new TokenExpiry({ timers, clock, onExpired, ...options }).watch(clock() + minute);
    vi.advanceTimersByTime(minute + 50);
    expect(onWarning).not.toHaveBeenCalled();
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it('should wait for what it was told last', () => {
    const { expiry, onWarning, onExpired } = watch(2 * minute);
    vi.advanceTimersByTime(1.5 * minute);
    expiry.watch(clock() + 10 * minute);
    vi.advanceTimersByTime(8 * minute);
    expect([onWarning.mock.calls.length, onExpired.mock.calls.length]).toEqual([1, 0]);
    vi.advanceTimersByTime(2 * minute + 50);
    expect([onWarning.mock.calls.length, onExpired.mock.calls.length]).toEqual([2, 1]);
  });

  it('should have nothing to wait for without an end, and nothing when stopped', () => {
    const endless = watch(null);
    const stopped = watch(minute);
    stopped.expiry.stop();
    expect(timers.size).toBe(0);
    vi.advanceTimersByTime(10 * minute);
    expect([endless, stopped].flatMap(({ onExpired }) => onExpired.mock.calls)).toEqual([]);
  });

  it('should not be early when the clock is set back meanwhile', () => {
    const { onExpired } = watch(10 * minute, 0);
    offset = -5 * minute;
    vi.advanceTimersByTime(10 * minute + 50);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5 * minute);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it('should wait longer than a timer of Node can', () => {
    const { onExpired } = watch(40 * 24 * 60 * minute, 0);
    vi.advanceTimersByTime(minute);
    expect(onExpired).not.toHaveBeenCalled();
    expect(timers.size).toBe(1);
  });
});

describe('isExpired and outlasts', () => {
  it.each([
    [null, false],
    [999, true],
    [1_000, true],
    [1_001, false],
  ])('should say of an end at %j, at 1000, that it is over: %j', (end, expected) => {
    expect(isExpired(end, 1_000)).toBe(expected);
  });

  it.each([
    [2, 1, true],
    [1, 1, false],
    [1, 2, false],
    [null, 1, true],
    [1, null, false],
    [null, null, false],
  ])('should compare %j with %j', (next, current, expected) => {
    expect(outlasts(next, current)).toBe(expected);
  });
});
