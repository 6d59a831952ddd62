import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInbox } from '../../load-tests/lib/inbox.js';

describe('the inbox of a load test', () => {
  let handled: [string, number][];
  const handle = (text: string, at: number): void => void handled.push([text, at]);

  beforeEach(() => {
    vi.useFakeTimers();
    handled = [];
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('should handle frames later, in their order and with the times at which they came', () => {
    const inbox = createInbox();
    inbox.put(handle, 'one', 1);
    vi.advanceTimersByTime(249);
    inbox.put(handle, 'two', 2);
    expect(handled).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(handled).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
    inbox.put(handle, 'three', 3);
    vi.advanceTimersByTime(249);
    expect(handled).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(handled).toHaveLength(3);
  });

  it('should handle what waits when it is asked to, and only once', () => {
    const inbox = createInbox();
    inbox.put(handle, 'one', 1);
    inbox.empty();
    expect(handled).toEqual([['one', 1]]);
    vi.runAllTimers();
    inbox.empty();
    expect(handled).toHaveLength(1);
  });

  it('should keep what comes while frames are handled for later', () => {
    const inbox = createInbox();
    inbox.put(() => inbox.put(handle, 'answer', 2), 'question', 1);
    vi.advanceTimersByTime(250);
    expect(handled).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(handled).toEqual([['answer', 2]]);
  });
});
