// Does everything work? A few connections, both protocols, a few seconds. The first thing to run against a new address.
//
// Holds when: nothing is lost, repeated or out of order, every mutation is acknowledged, no connection is closed or refused, and 99 in
// 100 deliveries come within P99_MS. Variables: README.md.
import { createLoadTest } from './lib/load-test.js';

const test = createLoadTest({
  name: 'smoke',
  defaults: {
    CONNECTIONS: '20',
    PROTOCOL: 'graphql-transport-ws,appsync',
    RATE: '10',
    MATCH_PERCENT: '10',
    DURATION: '10s',
    RAMP: '1s',
  },
  thresholds: () => ({
    events_unacknowledged: ['count==0'],
    closes: ['count==0'],
    connect_failures: ['count==0'],
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;
