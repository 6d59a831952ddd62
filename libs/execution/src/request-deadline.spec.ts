import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FieldError } from '#libs/protocol';
import { RequestDeadline } from './request-deadline.js';

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('should end calls with AppSync’s error when the time is over, and not before', () => {
    using deadline = new RequestDeadline(30_000);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(29_999);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    const reason: unknown = deadline.signal.reason;
    expect(reason).toBeInstanceOf(FieldError);
    expect(reason).toMatchObject({ message: 'Execution timed out.', errorType: 'ExecutionTimeout' });
  });

  it('should end nothing, and hold nothing, after the answer', () => {
    const signal = (() => {
      using deadline = new RequestDeadline(30_000);
      return deadline.signal;
    })();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(signal.aborted).toBe(false);
  });

  it('should need no timer while nobody waits, and count the time all the same', () => {
    using deadline = new RequestDeadline(30_000);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(20_000);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(deadline.signal.aborted).toBe(true);
  });

  it('should be over already for what asks after it', () => {
    using deadline = new RequestDeadline(30_000);
    vi.advanceTimersByTime(30_000);
    expect(deadline.signal.reason).toMatchObject({ errorType: 'ExecutionTimeout' });
  });
});
