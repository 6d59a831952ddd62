import { randomUUID } from 'node:crypto';

import { inject } from 'vitest';

import { createRedisEventLog } from '#libs/event-log';

import { describeEventLog } from './event-log.contract.js';

describeEventLog('log on Redis', {
  create: (options) =>
    createRedisEventLog({ url: inject('redisUrl'), api: `test-${randomUUID()}`, blockMs: 300, ...options }),
});
