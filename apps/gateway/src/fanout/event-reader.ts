import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EventLog, LastingInvalidation, LogEntry, LogReader } from '#libs/event-log';
import type { Logger } from '#libs/observability';
import { EVENT_LOG, LOGGER } from '../tokens.js';
import { Deliver } from './deliver.js';
import { Invalidate } from './invalidate.js';

/** Reads the event log from its tail on and hands every entry, in order, to the fan-out. */
@Injectable()
export class EventReader implements OnApplicationBootstrap, OnApplicationShutdown {
  private reader: LogReader | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(Deliver) private readonly deliver: Deliver,
    @Inject(Invalidate) private readonly invalidate: Invalidate,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.reader = await this.log.read({
      onEntry: (entry, _position, writtenAtMs) => this.handle(entry, writtenAtMs),
      onGap: (gap) =>
        this.logger.error({ gap }, 'The event log has a gap: events may be missing for every subscription'),
      onLasting: (invalidations) => this.restore(invalidations),
      onStateChange: (state) => this.logger.warn({ state }, 'The event log reader changed its state'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader?.close();
  }

  /** An entry that can't be handled is logged and passed by; the next ones are not its fault. */
  private handle(entry: LogEntry, writtenAtMs: number): void {
    try {
      if (entry.kind === 'event') this.deliver.deliver(entry);
      else this.invalidate.invalidate(entry, writtenAtMs);
    } catch (error) {
      this.logger.error({ err: error, kind: entry.kind }, 'A log entry could not be handled');
    }
  }

  /** Before the first client comes, because Nest listens after the bootstrap; and after each gap. */
  private restore(invalidations: readonly LastingInvalidation[]): void {
    for (const lasting of invalidations) {
      try {
        this.invalidate.restore(lasting);
      } catch (error) {
        const { subscriptionField } = lasting.entry;
        this.logger.error({ err: error, subscriptionField }, 'A sticky invalidation could not be restored');
      }
    }
    this.logger.info({ count: invalidations.length }, 'Sticky invalidations of before are known');
  }
}
