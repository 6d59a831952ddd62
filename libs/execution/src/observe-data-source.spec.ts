import { expect, it, vi } from 'vitest';
import type { DataSource } from '#libs/data-sources';
import { FieldError } from '#libs/protocol';
import { observeDataSource } from './observe-data-source.js';

const failure = new FieldError('No.', 'HTTP');
const close = vi.fn(() => Promise.resolve());
const dataSource: DataSource = {
  type: 'HTTP',
  execute: ({ path }) => (path === '/' ? Promise.resolve({ path }) : Promise.reject(failure)),
  close,
};
const call = { resolver: 'Query.task' };

it('should tell the name, the type, the time and the outcome of each call, and change none', async () => {
  const calls: unknown[] = [];
  const observed = observeDataSource('status', dataSource, (...told) => calls.push(told));
  await expect(observed.execute({ path: '/' }, call)).resolves.toEqual({ path: '/' });
  await expect(observed.execute({ path: '/x' }, call)).rejects.toBe(failure);
  expect(calls).toEqual([
    [{ name: 'status', type: 'HTTP' }, expect.any(Number), 'ok'],
    [{ name: 'status', type: 'HTTP' }, expect.any(Number), 'error'],
  ]);
});

it('should be the same data source otherwise', async () => {
  const observed = observeDataSource('status', dataSource, () => undefined);
  expect(observed.type).toBe('HTTP');
  await observed.close();
  expect(close).toHaveBeenCalledOnce();
});
