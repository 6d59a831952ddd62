import type { Counter, Histogram } from 'prom-client';
import { FanoutCounters } from './fanout-counters.js';
import { closes } from '#libs/protocol';
import type { ErrorCode } from '#libs/protocol';
import { each } from './registrar.js';
import type { Reading, Readings, Registrar } from './registrar.js';

/** What the gateway shows as it is when somebody looks. None may throw. */
export interface GatewayReadings {
  /** Open connections by protocol. */
  connections(): Readings;
  /** How many it takes; 0: any number. */
  readonly maxConnections: number;
  readonly subscriptions: number;
  /** Different selections among the subscriptions: for each, the text of an event is made once. */
  readonly groups: number;
  /** Distinct conjunctions of all filters in the index, those of invalidation filters among them. */
  readonly conjunctions: number;
  /** Of these, those that no structure narrows down: each event of their field evaluates them one by one. */
  readonly scanListLength: number;
  /** Whether the log answers the reader. */
  readonly isReading: boolean;
  /** Since the log last answered. */
  readonly silentMs: number;
  /** Age of the oldest entry that the log has and the gateway has not handled; undefined where the log cannot be asked. */
  lagMs(): Promise<Reading>;
}

/**
 * What becomes of a subscription that is asked for. `started`; or what refused it: its `document`; its `resolver` (a variable or a field that is denied
 * among it); its `filter`; or `refused` by us, with an error of the registry.
 */
export type StartOutcome = 'started' | 'document' | 'resolver' | 'filter' | 'refused';

/** What only the gateway counts. */
export interface GatewayMetrics {
  /** Connections that the server closed, by the name of the close in the registry of close codes. */
  readonly closes: Counter<'close'>;
  /** Connections that a drain sent away. */
  readonly drainedConnections: Counter;
  /** Upgrades that were refused, by the error's code. */
  readonly handshakeRefusals: Counter<'code'>;
  /** Subscriptions that a client asked for, by what became of them. */
  readonly subscriptionStarts: Counter<'outcome'>;
  /** Subscriptions ended by an invalidation. */
  readonly invalidatedSubscriptions: Counter;
  /** Subscriptions refused at their start because a sticky invalidation lasts. */
  readonly stickyRefusals: Counter;
  /** Times that entries of the log may be missing, by the reason. */
  readonly logGaps: Counter<'reason'>;
  /** Entries of the log that nobody here could read. */
  readonly skippedEntries: Counter;
  readonly fanout: FanoutCounters;
  /**
   * Seconds from when the log took an event until its last delivery was given to a connection. Observed once for an event that
   * was delivered at all, not for each delivery.
   */
  readonly deliveryLatency: Histogram;
  /** Shows these readings from now on. */
  showGateway(readings: GatewayReadings): void;
}

/** From what a quiet gateway needs, a millisecond, to what a client takes for an outage. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const startOutcomes: readonly StartOutcome[] = ['started', 'document', 'resolver', 'filter', 'refused'];

/** Those of the event log. */
const gapReasons = ['trimmed', 'reset', 'rewound', 'failover'];

/** What any gateway may meet; others are shown once they have happened. */
const handshakeRefusalCodes: readonly ErrorCode[] = [
  'OVERLOADED',
  'ORIGIN_NOT_ALLOWED',
  'UNAUTHORIZED',
  'INTERNAL_FAILURE',
];

export function gatewayMetrics(registrar: Registrar): GatewayMetrics {
  const fanout = new FanoutCounters();
  let shown: GatewayReadings | undefined;

  registrar.gauges('connections', 'Open connections, by protocol.', 'protocol', () => shown?.connections() ?? []);
  registrar.gauge(
    'max_connections',
    'Connections that this process takes; 0: any number.',
    () => shown?.maxConnections,
  );
  registrar.gauge('subscriptions', 'Live subscriptions.', () => shown?.subscriptions);
  registrar.gauge('delivery_groups', 'Different selections of subscriptions.', () => shown?.groups);
  registrar.gauge('filter_conjunctions', 'Distinct conjunctions in the filter index.', () => shown?.conjunctions);
  registrar.gauge(
    'filter_scan_list_length',
    'Conjunctions that are evaluated one by one.',
    () => shown?.scanListLength,
  );
  registrar.gauge('log_reading', '1 while the event log answers, 0 while it is away.', () =>
    shown ? Number(shown.isReading) : undefined,
  );
  registrar.gauge('log_silence_seconds', 'Time since the event log last answered.', () => seconds(shown?.silentMs));
  registrar.gauge('log_lag_seconds', 'Age of the oldest entry that is not handled yet.', async () =>
    seconds(await shown?.lagMs()),
  );
  registrar.totals('log_entries_total', 'Entries read from the event log, by kind.', 'kind', () => [
    ['event', fanout.events],
    ['invalidation', fanout.invalidations],
  ]);
  registrar.total('matches_total', 'Subscriptions whose filter let an event through.', () => fanout.matches);
  registrar.total('projections_total', 'Payload texts made, one per event and group.', () => fanout.projections);
  registrar.totals('deliveries_total', 'Events given to subscriptions, by result.', 'result', () => [
    ['sent', fanout.deliveries],
    ['failed', fanout.failedDeliveries],
  ]);
  registrar.total(
    'superseded_deliveries_total',
    'Deliveries replaced by newer ones, for clients that do not keep up.',
    () => fanout.supersededDeliveries,
  );
  registrar.total('socket_writes_total', 'Writes to sockets, each of all that waited.', () => fanout.writes);
  registrar.total('delivered_bytes_total', 'Bytes of payload text delivered.', () => fanout.deliveredBytes);

  return {
    closes: registrar.counter(
      'connection_closes_total',
      'Connections that the server closed, by reason.',
      ['close'],
      each('close', Object.keys(closes)),
    ),
    drainedConnections: registrar.counter('drained_connections_total', 'Connections sent away because of a stop.'),
    handshakeRefusals: registrar.counter(
      'handshake_refusals_total',
      'Upgrades and event streams refused, by error code.',
      ['code'],
      each('code', handshakeRefusalCodes),
    ),
    subscriptionStarts: registrar.counter(
      'subscription_starts_total',
      'Subscriptions asked for, by outcome.',
      ['outcome'],
      each('outcome', startOutcomes),
    ),
    invalidatedSubscriptions: registrar.counter(
      'invalidated_subscriptions_total',
      'Subscriptions ended by an invalidation.',
    ),
    stickyRefusals: registrar.counter(
      'sticky_refusals_total',
      'Subscriptions refused while a sticky invalidation lasts.',
    ),
    logGaps: registrar.counter(
      'log_gaps_total',
      'Times that log entries may be missing, by reason.',
      ['reason'],
      each('reason', gapReasons),
    ),
    skippedEntries: registrar.counter('log_skipped_entries_total', 'Log entries that could not be read.'),
    fanout,
    deliveryLatency: registrar.histogram(
      'delivery_latency_seconds',
      'From append to the last delivery of an event.',
      latencyBuckets,
    ),
    showGateway(readings) {
      shown = readings;
    },
  };
}

function seconds(ms: Reading): Reading {
  return ms === undefined ? undefined : ms / 1000;
}
