// Does anybody notice an upgrade? Restart the gateways, or the apis, while this runs (`kubectl rollout restart`), as its message says.
//
// Holds when: connections were closed, each with a code on which clients of its protocol come back; each was back within RECONNECT_WITHIN and
// 5 seconds; from the first close to the last return no more than RESTART_WITHIN went by; on a connection that lives nothing is lost,
// repeated or out of order; every mutation is acknowledged. Events that fall between two connections are counted, and no fault.
// With ALLOW_ABRUPT=true also for processes that are killed: connections may end without a code, mutations without an answer, and what an api
// had deferred may go with it. Variables: README.md.
import { createLoadTest } from './lib/load-test.js';

/** For the connection and its subscriptions, once the client has waited: what a server that is busy with others may need, in milliseconds. */
const welcomeMs = 5_000;

const test = createLoadTest({
  name: 'rolling-restart',
  names: ['DRAIN_SECONDS', 'GATEWAYS', 'RESTART_WITHIN', 'ALLOW_ABRUPT'],
  defaults: { DURATION: '5m', P99_MS: '1000' },
  announcement: (from, to) => `Restart the gateways between ${from} and ${to} seconds from now.`,
  thresholds: ({ ALLOW_ABRUPT, RECONNECT_WITHIN, RESTART_WITHIN }) => ({
    closes: ['count>0'],
    time_away: [`max<${RECONNECT_WITHIN + welcomeMs}`],
    restart_time: [`max<${RESTART_WITHIN}`],
    ...(ALLOW_ABRUPT && { events_deferred_missing: ['count>=0'] }),
    ...(!ALLOW_ABRUPT && { events_unacknowledged: ['count==0'], 'closes{code:1006}': ['count==0'] }),
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;
