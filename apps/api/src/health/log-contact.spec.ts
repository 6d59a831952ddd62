import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Position } from '#libs/event-log';
import { LogUnavailableError } from '#libs/event-log';
import { LogContact } from './log-contact.js';

const position: Position = { epoch: 'e', partition: '0', id: '0-0' };
const away = new LogUnavailableError('Redis is away.');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('should ask until the log has answered, and not again', async () => {
  const tail = vi.fn<() => Promise<Position>>().mockRejectedValueOnce(away).mockResolvedValue(position);
  const errors: unknown[] = [];
  const contact = new LogContact({ tail }, (error) => errors.push(error));
  await vi.advanceTimersByTimeAsync(0);
  expect([contact.hasAnswered, errors]).toEqual([false, [away]]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(contact.hasAnswered).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tail).toHaveBeenCalledTimes(2);
});

it('should ask no more once it is closed', async () => {
  const tail = vi.fn<() => Promise<Position>>().mockRejectedValue(away);
  const contact = new LogContact({ tail }, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  contact.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tail).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
