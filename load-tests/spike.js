// What does a sudden crowd do to those who are there? In the middle of the run SPIKE_CONNECTIONS come within SPIKE_RAMP, mutations are
// SPIKE_FACTOR times as many, and after SPIKE_DURATION both are gone again.
//
// Holds when: nothing is lost, repeated or out of order, for the crowd too, every mutation is acknowledged, no connection is closed, and
// 99 in 100 deliveries of the whole run come within P99_MS. Connections that are refused and tried again are counted, and allowed: a
// limit that does its work (MAX_HANDSHAKES_PER_SECOND) is no fault. Variables: README.md.
import { createLoadTest, expectedEvents, oneEach } from './lib/load-test.js';
import { runSubscribers } from './lib/subscribers.js';

/** When the crowd comes, and when it is gone, in milliseconds from the start. */
function spikeOf({ SPIKE_DURATION, DURATION }, { publishing }) {
  const begins = publishing + Math.max(0, DURATION - SPIKE_DURATION) / 2;
  return { begins, ends: begins + Math.min(SPIKE_DURATION, DURATION) };
}

const test = createLoadTest({
  name: 'spike',
  names: ['SPIKE_CONNECTIONS', 'SPIKE_RAMP', 'SPIKE_FACTOR', 'SPIKE_DURATION'],
  defaults: { DURATION: '1m', P99_MS: '1000', PUBLISHERS: '10' },
  rateFactor: (settings, times) => {
    const { begins, ends } = spikeOf(settings, times);
    return (at) => (at >= begins && at < ends ? settings.SPIKE_FACTOR : 1);
  },
  events: (settings, times) => {
    const { begins, ends } = spikeOf(settings, times);
    const more = settings.SPIKE_FACTOR - 1;
    // Publishers notice that the crowd is there with their next event: half of their pause too late, on average.
    const unnoticed = (settings.PUBLISHERS * more) / 2;
    return expectedEvents(settings) + (settings.RATE * more * (ends - begins)) / 1_000 - unnoticed;
  },
  scenarios: (settings, times) =>
    settings.SPIKE_CONNECTIONS > 0 && { crowd: oneEach('crowd', settings.VUS, times.over) },
  thresholds: ({ CONNECTIONS, SPIKE_CONNECTIONS, SUBSCRIPTIONS_PER_CONNECTION }) => ({
    events_unacknowledged: ['count==0'],
    closes: ['count==0'],
    subscriptions_checked: [`count>=${(CONNECTIONS + SPIKE_CONNECTIONS) * SUBSCRIPTIONS_PER_CONNECTION}`],
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;

export function crowd({ run, startedAt }) {
  const { settings, times, credentials } = test;
  const { begins, ends } = spikeOf(settings, times);
  runSubscribers({ run, settings, publishingFrom: startedAt + times.publishing }, credentials, {
    startsAt: startedAt + begins,
    rampMs: settings.SPIKE_RAMP,
    connections: settings.SPIKE_CONNECTIONS,
    leavesAt: startedAt + ends,
    isPassing: true,
  });
}
