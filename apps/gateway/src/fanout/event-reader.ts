import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EventLog, LastingInvalidation, LogEntry, LogGap, LogReader } from '#libs/event-log';
import type { Logger, Metrics, TraceSpan, Tracing } from '#libs/observability';
import { Drain } from '../drain/drain.js';
import { EVENT_LOG, LOGGER, METRICS, TRACING } from '../tokens.js';
import { Deliver } from './deliver.js';
import { Invalidate } from './invalidate.js';
import { LoopShare } from './loop-share.js';
import { traceEntry } from './trace-entry.js';

/**
 * Reads the event log from its tail on and hands every entry, in order, to the fan-out. An entry that takes longer than the
 * fan-out's share of the event loop holds reading up: what is not read yet waits in the log and not in this process.
 */
@Injectable()
export class EventReader implements OnApplicationBootstrap, OnApplicationShutdown {
  private reader: LogReader | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(Deliver) private readonly deliver: Deliver,
    @Inject(Invalidate) private readonly invalidate: Invalidate,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(Drain) private readonly drain: Pick<Drain, 'betweenEntries'>,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'logGaps'>,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(TRACING) private readonly tracing: Tracing | null = null,
  ) {}

  /** How the log answers; undefined before the bootstrap. */
  get reading(): Pick<LogReader, 'position' | 'state' | 'silentMs'> | undefined {
    return this.reader;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.reader = await this.log.read({
      onEntry: (entry, _position, writtenAtMs) => this.handleInTurn(entry, writtenAtMs),
      onGap: (gap) => this.reportGap(gap),
      onLasting: (invalidations) => this.restore(invalidations),
      onStateChange: (state) => this.logger.warn({ state }, 'The event log reader changed its state'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader?.close();
  }

  /** A page of the log has up to 500 entries; their sum, too, must leave the event loop its time. */
  private handleInTurn(entry: LogEntry, writtenAtMs: number): Promise<void> | undefined {
    return this.share.isSpent
      ? this.share.nextTurn().then(() => this.handle(entry, writtenAtMs))
      : this.handle(entry, writtenAtMs);
  }

  /** An entry that can't be handled is logged and passed by; the next ones are not its fault. */
  private handle(entry: LogEntry, writtenAtMs: number): Promise<void> | undefined {
    this.drain.betweenEntries();
    try {
      return this.tracing
        ? traceEntry(this.tracing, entry, writtenAtMs, (span) => this.hand(entry, writtenAtMs, span))
        : this.hand(entry, writtenAtMs);
    } catch (error) {
      this.logger.error({ err: error, kind: entry.kind }, 'A log entry could not be handled');
      return undefined;
    }
  }

  private hand(entry: LogEntry, writtenAtMs: number, span?: TraceSpan): Promise<void> | undefined {
    return entry.kind === 'event'
      ? this.deliver.deliver(entry, writtenAtMs, span)
      : this.invalidate.invalidate(entry, writtenAtMs);
  }

  private reportGap(gap: LogGap): void {
    this.metrics.logGaps.inc({ reason: gap.reason });
    this.logger.error({ gap }, 'The event log has a gap: events may be missing for every subscription');
  }

  /** Before the first client comes, because Nest listens after the bootstrap; and after each gap, before the next entry. */
  private async restore(invalidations: readonly LastingInvalidation[]): Promise<void> {
    for (const lasting of invalidations) {
      if (this.share.isSpent) await this.share.nextTurn();
      try {
        await this.invalidate.restore(lasting);
      } catch (error) {
        const { subscriptionField } = lasting.entry;
        this.logger.error({ err: error, subscriptionField }, 'A sticky invalidation could not be restored');
      }
    }
    this.logger.info({ count: invalidations.length }, 'Sticky invalidations of before are known');
  }
}
