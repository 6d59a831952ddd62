// What the load tests count, beside what k6 counts by itself.
import { Counter, Rate, Trend } from 'k6/metrics';

export const metrics = {
  /**
   * From the publisher's `sentAt` to the delivery, in milliseconds: both by the clock of the machine that k6 runs on. Not for thresholds: k6 sorts
   * all values of a trend for each look at one, every two seconds, and that of millions is what would be measured.
   */
  publishToReceive: new Trend('publish_to_receive', true),
  /** The same by protocol, in runs with several. */
  publishToReceiveOf: {
    appsync: new Trend('publish_to_receive_appsync', true),
    'graphql-transport-ws': new Trend('publish_to_receive_graphql_transport_ws', true),
  },
  /** Deliveries within P99_MS. */
  inTime: new Rate('deliveries_in_time'),
  deliveries: new Counter('deliveries'),
  lost: new Counter('events_lost'),
  repeated: new Counter('events_repeated'),
  unordered: new Counter('events_unordered'),
  missedWhileAway: new Counter('events_missed_while_away'),
  /** Events of boards that the subscription did not ask for. */
  misdirected: new Counter('events_misdirected'),
  /** Subscriptions whose events were compared with what was published. */
  checked: new Counter('subscriptions_checked'),
  /** Those that the last events of a board did not reach. */
  incomplete: new Counter('subscriptions_incomplete'),
  /** Subscriptions that were refused or ended, deliveries with errors, and frames that make no sense. */
  subscriptionErrors: new Counter('subscription_errors'),

  published: new Counter('events_published'),
  deferred: new Counter('events_deferred'),
  /** Deliveries of those that did not come, though the connection lived. */
  deferredMissing: new Counter('events_deferred_missing'),
  unacknowledged: new Counter('events_unacknowledged'),
  /** Boards whose very last event was never acknowledged: whoever has not received it may have lost nothing. */
  unfinished: new Counter('boards_unfinished'),

  connected: new Counter('connections_opened'),
  /** Attempts to connect that came to nothing; each is tried again. */
  connectFailures: new Counter('connect_failures'),
  /** From the attempt to connect to all subscriptions of the connection. */
  timeToSubscribe: new Trend('time_to_subscribe', true),
  /** Closes by the server, by `code`. 1006: no close frame. */
  closes: new Counter('closes'),
  /** Closes after which clients of the protocol do not come back. */
  closesForGood: new Counter('closes_for_good'),
  /** From a close to the subscriptions of the next connection. */
  timeAway: new Trend('time_away', true),
  returned: new Counter('connections_returned'),
  /** Of the connections of a virtual user: from the first close to the last return. */
  restartTime: new Trend('restart_time', true),

  slowReaders: new Counter('slow_readers'),
  /** Those that the server closed, by `code`: 1013 where they read on in time to learn why, 1006 where they were cut before. */
  slowReadersClosed: new Counter('slow_readers_closed'),
};
