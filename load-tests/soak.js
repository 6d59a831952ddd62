// Does it hold for long? Thousands of connections, an even load, as long as you like; nothing is restarted meanwhile.
//
// Holds when: nothing is lost, repeated or out of order, every mutation is acknowledged, no connection is closed or refused, and 99 in
// 100 deliveries come within P99_MS. Memory is read off the servers (starling_… metrics, kubectl top), not here. Variables: README.md.
import { createLoadTest } from './lib/load-test.js';

const test = createLoadTest({
  name: 'soak',
  defaults: { CONNECTIONS: '3000' },
  thresholds: () => ({
    events_unacknowledged: ['count==0'],
    closes: ['count==0'],
    connect_failures: ['count==0'],
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;
