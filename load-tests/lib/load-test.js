// What the load tests have in common: settings, scenarios, thresholds, the summary. A script adds its question.
import exec from 'k6/execution';

import { boardId, boardsOfPublisher, closingEvents, everyone, schedule } from './boards.js';
import { closeCodeNames } from './close-codes.js';
import { readCredentials } from './credentials.js';
import { probeMutations, probeSubscriptions } from './probe.js';
import { appsync } from './protocols/appsync.js';
import { graphqlTransportWs } from './protocols/graphql-transport-ws.js';
import { runPublisher } from './publishers.js';
import { readSettings } from './settings.js';
import { runSubscribers } from './subscribers.js';
import { summaryFiles } from './summary.js';

/** Share of the events asked for that must be published: with less the run has measured something else. */
const publishedShare = 0.95;

/** Time for what may take longer than planned, in milliseconds, before k6 ends a scenario. */
const marginMs = 120_000;

const protocols = [appsync, graphqlTransportWs];

/**
 * Everything a script of load tests exports.
 *
 * `name`; `defaults` and `names` of settings; `thresholds(settings)`: beside the promise, what the script demands; `events(settings, times)`: how many
 * events should be published before the last of each board, where that is not rate times duration; `plan(settings, times)`: what is special about
 * the clients; `rateFactor(times)`: how the rate changes; `scenarios(settings, times)`: further ones; `announcement(from, to)`: what is said at the
 * start about the seconds in which events are published.
 */
export function createLoadTest(script) {
  const { settings, faults } = readSettings(__ENV, script);
  const times = faults.length === 0 ? schedule(settings) : undefined;
  const until = times && Date.now() + times.over + marginMs;
  const proof = times ? readCredentials(settings, until) : { faults: [] };
  refuse([...faults, ...proof.faults]);
  const { credentials } = proof;
  const rateFactor = script.rateFactor?.(settings, times) ?? (() => 1);

  return {
    settings,
    times,
    credentials,
    options: {
      setupTimeout: '2m',
      insecureSkipTLSVerify: settings.INSECURE_TLS,
      // Each combination of tags is a time series of its own.
      systemTags: ['status', 'scenario', 'name', 'error_code'],
      summaryTrendStats: ['count', 'min', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max'],
      scenarios: {
        subscribers: oneEach('subscribers', settings.VUS, times.over),
        publishers: oneEach('publishers', settings.PUBLISHERS, times.over),
        ...(settings.BROADCAST_RATE > 0 && { broadcaster: oneEach('broadcaster', 1, times.over) }),
        ...script.scenarios?.(settings, times),
      },
      thresholds: {
        ...closesByCode,
        ...promise(settings, script.events?.(settings, times) ?? expectedEvents(settings)),
        ...script.thresholds(settings),
      },
    },

    async setup() {
      const run = `r${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
      const used = protocols.filter(({ name }) => settings.PROTOCOL.includes(name));
      const target = { settings, run, credentials: credentials(0), protocols: used };
      refuse([probeMutations(target) ?? (await probeSubscriptions(target))].filter(Boolean));
      const [from, to] = [times.publishing, times.published].map((ms) => ms / 1_000);
      console.log(
        script.announcement?.(from, to) ?? `Events are published between ${from} and ${to} seconds from now.`,
      );
      return { run, startedAt: Date.now() };
    },

    subscribers({ run, startedAt }) {
      const plan = {
        startsAt: startedAt,
        rampMs: settings.RAMP,
        connections: settings.CONNECTIONS,
        leavesAt: startedAt + times.over,
        ...script.plan?.(settings, times, startedAt),
      };
      runSubscribers({ run, settings, publishingFrom: startedAt + times.publishing }, credentials, plan);
    },

    publishers({ run, startedAt }) {
      const index = exec.scenario.iterationInTest;
      const from = startedAt + times.publishing;
      runPublisher({
        settings,
        credentials: credentials(index),
        index,
        boardIds: boardsOfPublisher({ run, settings }, index),
        titleBytes: settings.EVENT_BYTES,
        // One after the other, not all at once.
        from: from + (1_000 * index) / settings.RATE,
        until: startedAt + times.published,
        rateAt: (at) => (settings.RATE / settings.PUBLISHERS) * rateFactor(at - startedAt),
      });
    },

    broadcaster({ run, startedAt }) {
      runPublisher({
        settings,
        credentials: credentials(0),
        index: 0,
        boardIds: [boardId(run, everyone)],
        titleBytes: settings.EVENT_BYTES,
        from: startedAt + times.publishing,
        until: startedAt + times.published,
        rateAt: () => settings.BROADCAST_RATE,
      });
    },

    handleSummary: (data) => summaryFiles(data, { name: script.name, settings, folder: settings.OUT ?? defaultFolder }),
  };
}

/** A scenario whose virtual users each run once. */
export function oneEach(name, vus, durationMs) {
  return {
    executor: 'per-vu-iterations',
    exec: name,
    vus,
    iterations: 1,
    maxDuration: `${Math.ceil((durationMs + marginMs) / 1_000)}s`,
    gracefulStop: '5s',
  };
}

/** Events of a run at an even rate, without the last of each board. */
export const expectedEvents = ({ RATE, BROADCAST_RATE, DURATION }) => ((RATE + BROADCAST_RATE) * DURATION) / 1_000;

/** What Starling promises, and that the run was one: docs/guides/load-test.md. */
function promise(settings, events) {
  const subscriptions = settings.CONNECTIONS * settings.SUBSCRIPTIONS_PER_CONNECTION;
  return {
    events_lost: ['count==0'],
    events_repeated: ['count==0'],
    events_unordered: ['count==0'],
    events_misdirected: ['count==0'],
    subscription_errors: ['count==0'],
    subscriptions_incomplete: ['count==0'],
    closes_for_good: ['count==0'],
    subscriptions_checked: [`count>=${subscriptions}`],
    // The last of each board are published however few there were before.
    events_published: [`count>=${Math.floor(events * publishedShare) + closingEvents(settings)}`],
    events_deferred_missing: ['count==0'],
    boards_unfinished: ['count==0'],
    deliveries: ['count>0'],
    deliveries_in_time: ['rate>=0.99'],
  };
}

/** k6 shows a tag's part of a metric only where it has a threshold; these always hold. */
const closesByCode = Object.fromEntries(closeCodeNames.map((code) => [`closes{code:${code}}`, ['count>=0']]));

/** Ends the run before it begins, with a sentence for each fault. */
function refuse(faults) {
  if (faults.length === 0) return;
  for (const fault of faults) console.error(fault);
  exec.test.abort("the load test can't run as it is set, see above");
}

/** `out` beside the scripts, wherever k6 is started. */
const defaultFolder = import.meta.resolve('../out').replace(/^file:\/\//, '');
