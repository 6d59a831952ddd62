// What is left of a run: a few lines, a JSON file, an HTML page. Uses nothing of k6 or Node.
import { closeCodeNames } from './close-codes.js';
import { toHtml } from './summary-page.js';

/** Settings whose values nobody should read in a summary. */
const secretNames = ['API_KEY'];

/** The files of a run for k6's `handleSummary`: `<folder>/<name>.json` and `.html`, written over, and lines on standard output. */
export function summaryFiles(data, { name, settings, folder }) {
  const summary = summarize(data, { name, settings });
  if (summary.counts.published + summary.counts.deliveries + summary.counts.subscriptions === 0) return {};
  const file = `${folder}/${name}`;
  return {
    [`${file}.json`]: `${JSON.stringify(summary, undefined, 2)}\n`,
    [`${file}.html`]: toHtml(summary),
    stdout: `${toText(summary)}\n  ${file}.html\n`,
  };
}

/** The figures of a run, from what k6 gives. Times are in milliseconds. */
export function summarize(data, { name, settings }) {
  const values = (metric) => data.metrics[metric]?.values ?? {};
  const count = (metric) => values(metric).count ?? 0;
  const conditions = Object.entries(data.metrics)
    .flatMap(([metric, { thresholds = {}, values }]) =>
      Object.entries(thresholds).map(([condition, { ok }]) => ({
        metric,
        condition,
        value: exact(values[/^[a-z]+(\([\d.]+\))?/.exec(condition)[0]]),
        holds: ok,
      })),
    )
    // What is a threshold only so that k6 shows the figure.
    .filter(({ condition }) => !condition.endsWith('>=0'));
  return {
    name,
    holds: conditions.every(({ holds }) => holds),
    endedAt: new Date().toISOString(),
    seconds: Math.round(data.state.testRunDurationMs / 100) / 10,
    settings: Object.fromEntries(
      Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, secretNames.includes(key) ? 'set' : withoutPasswords(value)]),
    ),
    conditions,
    counts: {
      subscriptions: count('subscriptions_checked'),
      published: count('events_published'),
      deferred: count('events_deferred'),
      deferredMissing: count('events_deferred_missing'),
      unacknowledged: count('events_unacknowledged'),
      deliveries: count('deliveries'),
      lost: count('events_lost'),
      repeated: count('events_repeated'),
      unordered: count('events_unordered'),
      missedWhileAway: count('events_missed_while_away'),
      connections: count('connections_opened'),
      connectFailures: count('connect_failures'),
      returned: count('connections_returned'),
      slowReaders: count('slow_readers'),
      slowReadersClosed: count('slow_readers_closed'),
    },
    closes: Object.fromEntries(
      closeCodeNames.map((code) => [code, count(`closes{code:${code}}`)]).filter(([, number]) => number > 0),
    ),
    timesMs: {
      publishToReceive: values('publish_to_receive'),
      ...Object.fromEntries(
        settings.PROTOCOL.map((protocol) => [
          `publishToReceive, ${protocol}`,
          values(`publish_to_receive_${protocol.replaceAll('-', '_')}`),
        ]).filter(([, { count }]) => count > 0),
      ),
      mutation: values('http_req_duration'),
      timeToSubscribe: values('time_to_subscribe'),
      timeAway: values('time_away'),
      restart: values('restart_time'),
    },
  };
}

/** A few lines for a terminal. */
export function toText({ name, holds, seconds, counts, closes, timesMs, conditions }) {
  const { publishToReceive: latency, timeAway, restart } = timesMs;
  const codes = Object.entries(closes).map(([code, number]) => `${code} × ${number}`);
  const lines = [
    `published ${counts.published} events, ${counts.deferred} deferred, ${counts.unacknowledged} not acknowledged`,
    `delivered ${counts.deliveries} to ${counts.subscriptions} subscriptions: ${counts.lost} lost, ${counts.repeated} repeated, ${counts.unordered} out of order`,
    counts.deferredMissing > 0 && `not delivered of what was deferred: ${counts.deferredMissing}`,
    `publish to receive: ${percentiles(latency)}`,
    `connections opened ${counts.connections}, failures ${counts.connectFailures}, closes: ${codes.join(', ') || 'none'}`,
    timeAway.count > 0 && `away: ${percentiles(timeAway)}; ${counts.missedWhileAway} events missed meanwhile`,
    restart.count > 0 && `first close to last return: ${milliseconds(restart.max)}`,
    counts.slowReaders > 0 && `slow readers: ${counts.slowReaders}, closed ${counts.slowReadersClosed}`,
    ...conditions
      .filter((condition) => !condition.holds)
      .map(({ metric, condition, value }) => `does not hold: ${metric} ${condition}, it is ${value ?? 'unknown'}`),
  ];
  return [`\n${name} ${holds ? 'holds' : 'does not hold'} (${seconds} s)`, ...lines.filter(Boolean)].join('\n  ');
}

function percentiles(values) {
  if (!values.count) return 'nothing';
  return [
    ['p50', 'med'],
    ['p95', 'p(95)'],
    ['p99', 'p(99)'],
    ['max', 'max'],
  ]
    .map(([label, key]) => `${label} ${milliseconds(values[key])}`)
    .join(', ');
}

const milliseconds = (value) => `${round(value)} ms`;

/** Two digits are enough of what is small, whole numbers of the rest. */
const round = (value) => {
  if (value === undefined) return 'unknown';
  return Math.abs(value) < 10 ? Number(value.toPrecision(2)) : Math.round(value);
};

/** Precise enough for what misses its condition by little. */
const exact = (value) => value && Number(value.toFixed(4));

/** Addresses may carry a password before their `@`. */
function withoutPasswords(value) {
  if (Array.isArray(value)) return value.map(withoutPasswords);
  return typeof value === 'string' ? value.replace(/:(?!\/\/)[^@/]*@/, ':***@') : value;
}
