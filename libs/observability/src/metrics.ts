import { Counter, Registry } from 'prom-client';

/**
 * What the processes count, with the names of docs/reference/metrics.md. Labels come from fixed lists of ours, never from a
 * client: a label's value is a time series that is kept for ever.
 */
export interface Metrics {
  /** What `/metrics` answers from. */
  readonly registry: Registry;
  /** Requests, handshakes and messages refused because they passed a limit, by the limit's name. */
  readonly limitRefusals: Counter<'limit'>;
  /** Requests, handshakes and subscriptions whose credentials were refused, by the error's code. */
  readonly authRefusals: Counter<'code'>;
  /** Connections that the server closed, by the name of the close in the registry of close codes. */
  readonly closes: Counter<'close'>;
  /** Subscriptions ended by an invalidation. */
  readonly invalidatedSubscriptions: Counter;
  /** Subscriptions refused at their start because a sticky invalidation lasts. */
  readonly stickyRefusals: Counter;
}

/** A registry of its own, so that two processes' parts in one process, and tests, do not share numbers. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name: `starling_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  return Object.freeze({
    registry,
    limitRefusals: counter('limit_refusals_total', 'Refused because a limit was passed, by limit.', ['limit']),
    authRefusals: counter('auth_refusals_total', 'Credentials refused, by error code.', ['code']),
    closes: counter('connection_closes_total', 'Connections that the server closed, by reason.', ['close']),
    invalidatedSubscriptions: counter('invalidated_subscriptions_total', 'Subscriptions ended by an invalidation.'),
    stickyRefusals: counter('sticky_refusals_total', 'Subscriptions refused while a sticky invalidation lasts.'),
  });
}
