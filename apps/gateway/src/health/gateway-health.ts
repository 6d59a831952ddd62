import { Inject, Injectable } from '@nestjs/common';
import { LogUnavailableError } from '#libs/event-log';
import type { EventLog } from '#libs/event-log';
import type { GatewayReadings, Metrics, ReadinessCheck } from '#libs/observability';
import { ConnectionRegistry } from '../connection/connection-registry.js';
import { EventReader } from '../fanout/event-reader.js';
import type { GatewayOptions } from '../gateway-options.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { EVENT_LOG, GATEWAY_OPTIONS, METRICS } from '../tokens.js';

/**
 * Silence of the event log after which the gateway is not ready, in milliseconds: longer than a reader needs to find a dead
 * connection and make another (6 s), shorter than clients wait for an event before somebody calls it an outage.
 */
const maxSilenceMs = 10_000;

/** Longest wait for the event log while metrics are read, in milliseconds: Prometheus gives up after ten seconds. */
const lagTimeoutMs = 1_000;

/** What can be seen of the gateway from outside: shows its metrics, and says whether it should be sent connections. */
@Injectable()
export class GatewayHealth implements GatewayReadings {
  constructor(
    @Inject(ConnectionRegistry) private readonly connectionRegistry: ConnectionRegistry,
    @Inject(SubscriptionRegistry) private readonly subscriptionRegistry: SubscriptionRegistry,
    @Inject(EventReader) private readonly reader: EventReader,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(GATEWAY_OPTIONS) private readonly options: Pick<GatewayOptions, 'maxConnections'>,
    @Inject(METRICS) metrics: Pick<Metrics, 'showGateway'>,
  ) {
    metrics.showGateway(this);
  }

  /** For `/readyz`. A gateway whose log is silent keeps its connections, and takes no new ones from a load balancer. */
  get readinessChecks(): Readonly<Record<string, ReadinessCheck>> {
    return { eventLog: () => this.logFailure() };
  }

  connections(): ReturnType<GatewayReadings['connections']> {
    return this.connectionRegistry.countByProtocol();
  }

  get maxConnections(): number {
    return this.options.maxConnections;
  }

  get subscriptions(): number {
    return this.subscriptionRegistry.count;
  }

  get groups(): number {
    return this.subscriptionRegistry.groupCount;
  }

  get conjunctions(): number {
    return this.subscriptionRegistry.conjunctions;
  }

  get scanListLength(): number {
    return this.subscriptionRegistry.scanListLength;
  }

  get isReading(): boolean {
    return this.reader.reading?.state === 'reading';
  }

  get silentMs(): number {
    return this.reader.reading?.silentMs ?? 0;
  }

  /** Asks the log for the entry that follows the reader's position: entries that came since the reader last asked count too. */
  async lagMs(): Promise<number | undefined> {
    const { reading } = this.reader;
    if (reading?.state !== 'reading') return undefined;
    const tooLong = new Promise<undefined>(
      (resolve) => void setTimeout(() => resolve(undefined), lagTimeoutMs).unref(),
    );
    try {
      const page = await Promise.race([this.log.page(reading.position, 1), tooLong]);
      // With a gap, or no answer, nobody knows.
      if (!page || 'reason' in page) return undefined;
      const [next] = page.entries;
      return next ? Math.max(0, Date.now() - next.writtenAtMs) : 0;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      return undefined;
    }
  }

  private logFailure(): string | undefined {
    const { reading } = this.reader;
    if (!reading) return 'The event log has no position yet.';
    if (reading.silentMs < maxSilenceMs) return undefined;
    return `The event log has not answered for ${Math.floor(reading.silentMs / 1000)} seconds.`;
  }
}
