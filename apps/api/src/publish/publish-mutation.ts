import { Inject, Injectable } from '@nestjs/common';
import type { LogEntry, Publisher, PublishResult } from '#libs/event-log';
import { askedInvalidations, logEntries } from '#libs/execution';
import type { ExecutedMutation, TracedPart } from '#libs/execution';
import { auditLogger } from '#libs/observability';
import type { Logger, Metrics } from '#libs/observability';
import { LOGGER, METRICS, PUBLISHER } from '../tokens.js';
import { auditInvalidations } from './audit-invalidations.js';

/**
 * What became of a mutation's entries. All but `appended` is said in the answer, in `extensions.starling.publish`: `deferred`
 * when they are not in the log yet, `failed` when some never will be, although the data is written.
 */
export type PublishOutcome = PublishResult | 'failed';

/**
 * Appends what mutations published and invalidated before their answers are sent: a client that has its answer knows that the
 * log has the event.
 */
@Injectable()
export class PublishMutation {
  private readonly audit: Logger;

  constructor(
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'publishDuration' | 'showPublisher'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.audit = auditLogger(logger);
    metrics.showPublisher(() => publisher.counters);
  }

  /** False when the queue is full: mutations are then refused before they touch a data source. */
  get isAccepting(): boolean {
    return this.publisher.isAccepting;
  }

  /** Never rejects: the mutation's data is written, whatever becomes of its events. */
  async publish(executed: ExecutedMutation): Promise<PublishOutcome> {
    const { api, context } = executed;
    const entries = logEntries(executed);
    if (entries.length === 0) return 'appended';
    const { requestId, span } = context.input;
    const publishing = span?.start('publish', { 'messaging.batch.message_count': entries.length }, 'producer');
    const startedAt = performance.now();
    const outcome = await this.append(publishing ? entries.map(tracedBy(publishing)) : entries, requestId);
    publishing?.set({ 'starling.publish': outcome });
    publishing?.end(outcome === 'failed' ? new Error('Not every entry will be in the event log.') : undefined);
    this.metrics.publishDuration.observe({ outcome }, (performance.now() - startedAt) / 1000);
    auditInvalidations(this.audit, context, askedInvalidations(api, context), outcome);
    return outcome;
  }

  private async append(entries: readonly LogEntry[], requestId: string): Promise<PublishOutcome> {
    try {
      return await this.publisher.publish(entries);
    } catch (error) {
      this.logger.error({ err: error, requestId }, 'Events of a mutation were not published');
      return 'failed';
    }
  }
}

/** Whoever reads the entry goes on with the trace that it was published in. */
function tracedBy({ traceparent }: TracedPart): (entry: LogEntry) => LogEntry {
  return (entry) => ({ ...entry, traceparent });
}
