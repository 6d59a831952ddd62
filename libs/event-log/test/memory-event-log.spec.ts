import { expect, test } from 'vitest';

import { createMemoryEventLog } from '#libs/event-log';

import { tasks, unsubscribed } from './entries.js';
import { describeEventLog } from './event-log.contract.js';
import { record } from './recording.js';

describeEventLog('log in memory', { create: (options) => createMemoryEventLog(options) });

test('should forget entries that are older than the retention', async () => {
  let now = 0;
  const log = createMemoryEventLog({ maxAgeMs: 1000, now: () => now });
  const start = await log.tail();
  await log.append(tasks('api-1', 1, 2));
  now = 1001;
  const [kept] = await log.append(tasks('api-1', 3, 1));
  expect(await log.page(start)).toMatchObject({ reason: 'trimmed' });
  expect(await log.page({ ...kept!, id: '2-0' })).toMatchObject({ isLast: true, entries: [{ sequence: 3 }] });
  await log.close();
});

test('should forget a sticky invalidation when it is over', async () => {
  let now = 5000;
  const log = createMemoryEventLog({ now: () => now });
  await log.append([{ entry: unsubscribed('jdoe', 10), producer: 'api-1', sequence: 1 }]);
  await log.append([{ entry: unsubscribed('janed', 20), producer: 'api-1', sequence: 2 }]);
  expect((await record(log)).lasting.map(({ endsAtMs }) => endsAtMs)).toEqual([15_000, 25_000]);
  now = 15_000;
  await log.append(tasks('api-1', 3, 1));
  expect((await record(log)).lasting.map(({ endsAtMs }) => endsAtMs)).toEqual([25_000]);
  await log.close();
});
