import { expect, test } from 'vitest';

import { createMemoryEventLog } from '#libs/event-log';

import { tasks } from './entries.js';
import { describeEventLog } from './event-log.contract.js';

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
