import { Inject, Injectable } from '@nestjs/common';
import type { DrainReport } from '#libs/launch';
import type { Logger, Metrics } from '#libs/observability';
import { Admission } from '../connection/admission.js';
import { ConnectionRegistry } from '../connection/connection-registry.js';
import { LoopShare } from '../fanout/loop-share.js';
import { LOGGER, METRICS } from '../tokens.js';
import type { PacedCloses } from './paced-closes.js';

/** Time between two looks at whose turn it is, in milliseconds: of 20,000 connections in a minute, 17 at a time. */
const tickMs = 50;

/**
 * Longest time beyond the end that closes wait for an event which is on its way to very many connections, in milliseconds: far above what
 * one takes.
 */
const maxOverdueMs = 1_000;

/**
 * Sends every client away before the process ends, so that ten thousand of them do not arrive at the next one in the same second. Until its
 * turn a connection is served like any other: it gets its events and its keep-alives, and may subscribe. It is closed between two
 * events, behind all that was matched for it (docs/reference/protocol.md).
 */
@Injectable()
export class Drain {
  private closes: PacedCloses | undefined;
  private isDue = false;

  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'drainedConnections'>,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info'>,
  ) {}

  /** Lets nobody in, and closes who is there over `overMs`. Resolves when all have left, or were cut. Called once. */
  async run(overMs: number): Promise<DrainReport> {
    this.admission.close();
    const connections = this.connections.count;
    this.logger.info({ connections, overMs }, 'The gateway takes no more connections, and closes those it has');
    const closes = this.connections.beginDrain(overMs);
    this.closes = closes;
    await this.closeAll(closes);
    const cut = await this.connections.goodbye();
    // Those who had left by themselves, for whatever reason, were not closed.
    return { figures: { connections, closed: closes.closed, cut } };
  }

  /** For the event reader: no event is on its way to connections. */
  betweenEntries(): void {
    if (this.isDue) this.closeDue();
  }

  private closeAll(closes: PacedCloses): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        this.isDue = true;
        // An event is on its way, and the reader calls when it has arrived.
        if (!this.share.isBusy || closes.overdueMs > maxOverdueMs) this.closeDue();
        if (!closes.isDone) return;
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(look, tickMs);
      look();
    });
  }

  private closeDue(): void {
    this.isDue = false;
    const closed = this.closes?.closeDue() ?? 0;
    if (closed > 0) this.metrics.drainedConnections.inc(closed);
  }
}
