import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionSocket } from './connection-socket.js';
import { ConnectionTimes, jitteredAge } from './connection-times.js';
import { TimerWheel } from './timer-wheel.js';

const options = { connectionInitTimeoutMs: 1_000, maxConnectionAgeMs: 100_000, idleTimeoutMs: 10_000 };
let timers: TimerWheel;

beforeEach(() => {
  vi.useFakeTimers();
  timers = new TimerWheel({ onFailure: vi.fn() });
});
afterEach(() => {
  timers.stop();
  vi.useRealTimers();
});

function begin(given: Partial<typeof options> = {}) {
  const close = vi.fn();
  const socket = { close } as Pick<ConnectionSocket, 'close'> as ConnectionSocket;
  return { close, times: new ConnectionTimes(timers, { ...options, ...given }, socket, 'INIT_TIMEOUT') };
}

describe('ConnectionTimes', () => {
  it('should close a connection that says nothing', () => {
    const { close } = begin();
    vi.advanceTimersByTime(1_050);
    expect(close).toHaveBeenCalledExactlyOnceWith('INIT_TIMEOUT');
  });

  it('should give the check of credentials the time it takes', () => {
    const { close, times } = begin();
    times.initialised();
    vi.advanceTimersByTime(80_000);
    expect(close).not.toHaveBeenCalled();
  });

  it('should close a connection that has no subscription, counted from when it had none', () => {
    const { close, times } = begin();
    times.initialised();
    times.acknowledged();
    for (const count of [1, 2, 1]) times.subscriptionsAre(count);
    vi.advanceTimersByTime(50_000);
    times.subscriptionsAre(0);
    vi.advanceTimersByTime(5_000);
    times.subscriptionsAre(0);
    vi.advanceTimersByTime(4_900);
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(150);
    expect(close).toHaveBeenCalledExactlyOnceWith('IDLE');
  });

  it('should close a connection of an age that is less than the greatest by up to a tenth, whatever it does', () => {
    const { close, times } = begin();
    times.initialised();
    times.acknowledged();
    times.subscriptionsAre(1);
    vi.advanceTimersByTime(89_900);
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_150);
    expect(close).toHaveBeenCalledExactlyOnceWith('MAX_AGE');
  });

  it('should know no age and no idleness where they are 0', () => {
    const { close, times } = begin({ maxConnectionAgeMs: 0, idleTimeoutMs: 0 });
    times.initialised();
    times.acknowledged();
    vi.advanceTimersByTime(1_000_000);
    expect(close).not.toHaveBeenCalled();
  });

  it('should leave nothing behind, whatever is told of it afterwards', () => {
    const { times } = begin();
    times.initialised();
    times.acknowledged();
    times.end();
    times.subscriptionsAre(0);
    expect(timers.size).toBe(0);
  });
});

describe('jitteredAge', () => {
  it.each([
    [0, 100],
    [0.5, 95],
    [0.999, 90.01],
  ])('should be with chance %d: %d', (chance, age) => {
    expect(jitteredAge(100, () => chance)).toBeCloseTo(age);
  });
});
