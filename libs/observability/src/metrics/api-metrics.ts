import type { Counter, Histogram } from 'prom-client';
import type { ErrorCode } from '#libs/protocol';
import { each } from './registrar.js';
import type { Registrar } from './registrar.js';

/** What an api's publisher shows as it is when somebody looks. */
export interface PublisherReadings {
  /** Entries and payload bytes that wait for the log. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Entries the log has. */
  readonly appended: number;
  /** Entries whose mutation was answered before the log had them. */
  readonly deferred: number;
  /** Appends that failed and were tried again. */
  readonly retried: number;
  /** Entries for which there was no room. */
  readonly refused: number;
  /** Entries that were too large. */
  readonly oversized: number;
}

/** `unknown`: it could not be told, because the document was refused. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';

/** `ok`: data without errors. `errors`: errors of its variables or resolvers. `refused`: not to be executed as a whole. */
export type RequestOutcome = 'ok' | 'errors' | 'refused';

/** What only the api counts. */
export interface ApiMetrics {
  /** Requests that were answered with a status of refusal, by the error's code. */
  readonly httpRefusals: Counter<'code'>;
  /** Operations that were asked for by somebody whose credentials were taken. */
  readonly requests: Counter<'operation' | 'outcome'>;
  /** Seconds from the parsed request to its answer, publishing among it. */
  readonly requestDuration: Histogram<'operation'>;
  /** Seconds that a mutation with entries waited for the event log. */
  readonly publishDuration: Histogram<'outcome'>;
  /** Shows what `read` answers from now on. */
  showPublisher(read: () => PublisherReadings): void;
}

/** From a query that asks no data source to AppSync's longest, 30 seconds. */
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A healthy Redis answers within a millisecond; after half a second a mutation waits no more. */
const publishBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** What any api may meet; others are shown once they have happened. */
const httpRefusalCodes: readonly ErrorCode[] = ['UNAUTHORIZED', 'MALFORMED_REQUEST', 'INTERNAL_FAILURE'];

export function apiMetrics(registrar: Registrar): ApiMetrics {
  let read: (() => PublisherReadings) | undefined;

  registrar.gauge('publish_queue_entries', 'Entries that wait for the event log.', () => read?.().queued);
  registrar.gauge('publish_queue_bytes', 'Payload bytes that wait for the event log.', () => read?.().queuedBytes);
  registrar.totals('published_entries_total', 'Entries for the event log, by outcome.', 'outcome', () => {
    const { appended = 0, deferred = 0, refused = 0, oversized = 0 } = read?.() ?? {};
    return Object.entries({ appended, deferred, refused, oversized });
  });
  registrar.total('publish_retries_total', 'Appends that failed and were tried again.', () => read?.().retried);

  return {
    httpRefusals: registrar.counter(
      'http_refusals_total',
      'Requests refused over HTTP, by error code.',
      ['code'],
      each('code', httpRefusalCodes),
    ),
    requests: registrar.counter(
      'requests_total',
      'GraphQL operations, by kind and outcome.',
      ['operation', 'outcome'],
      (['query', 'mutation'] satisfies OperationKind[]).flatMap((operation) =>
        (['ok', 'errors', 'refused'] satisfies RequestOutcome[]).map((outcome) => ({ operation, outcome })),
      ),
    ),
    requestDuration: registrar.histogram(
      'request_duration_seconds',
      'Time to answer a GraphQL operation, by kind.',
      requestBuckets,
      ['operation'],
    ),
    publishDuration: registrar.histogram(
      'publish_duration_seconds',
      'Time that a mutation waited for the event log, by outcome.',
      publishBuckets,
      ['outcome'],
    ),
    showPublisher(readings) {
      read = readings;
    },
  };
}
