// What if all clients come back at once? In the middle of the run every connection is ended from this side, as when a network fails, and
// every client comes back after a random part of STORM_JITTER. Run it with STORM_JITTER=0s too.
//
// Holds when: all are back within BACK_WITHIN, what is published after a subscription has started again arrives once and in order, and
// every mutation meanwhile is acknowledged. What was published while a client was away is counted, and no fault. Connections that are refused
// and tried again are counted, and allowed. Variables: README.md.
import { createLoadTest } from './lib/load-test.js';

const test = createLoadTest({
  name: 'reconnect-storm',
  names: ['STORM_JITTER', 'BACK_WITHIN'],
  defaults: { DURATION: '2m', P99_MS: '1000' },
  plan: ({ DURATION }, { publishing }, startedAt) => ({ cutAt: startedAt + publishing + DURATION / 2 }),
  thresholds: ({ BACK_WITHIN, CONNECTIONS }) => ({
    events_unacknowledged: ['count==0'],
    closes: ['count==0'],
    // Every connection was away, and is back.
    connections_returned: [`count>=${CONNECTIONS}`],
    time_away: [`max<${BACK_WITHIN}`],
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;
