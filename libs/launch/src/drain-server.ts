import type { Logger, Metrics, Readiness } from '#libs/observability';

/** What there was to finish, and what became of it. */
export interface DrainReport {
  /** Numbers for the log. */
  readonly figures: Readonly<Record<string, number>>;
  /** What was lost, for people; undefined where nothing was. The process then ends with status 1. */
  readonly loss?: string | undefined;
}

/** What can be drained before it is closed. */
export interface Drainable {
  /** The process is about to drain, and serves whoever still comes. Default: nothing. */
  announceDrain?(): void;
  /** Takes nothing new, and finishes what there is in about `withinMs`. Called once. Must not reject. */
  drain(withinMs: number, isUrgent: boolean): Promise<DrainReport>;
}

export interface DrainOptions {
  readonly name: string;
  /** From unready to when nothing new is taken, in milliseconds. */
  readonly delayMs: number;
  readonly withinMs: number;
  /** Without the delay: nobody sends clients elsewhere. */
  readonly isUrgent: boolean;
  readonly readiness: Pick<Readiness, 'drain'>;
  readonly metrics: Pick<Metrics, 'beginDrain'>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/**
 * Time beyond delay and drain that a stop may take, in milliseconds: clients' answers to their closes, two seconds; a last try to
 * publish, as long; and the end of what is left.
 */
export const stopGraceMs = 5_000;

/**
 * Drains a process that is told to stop, in the order that loses nothing: unready first, so that nobody new is sent; then serving for a
 * while all who come all the same, because orchestrators and load balancers hear of it one after the other; then the drain itself.
 */
export async function drainServer(server: Drainable, options: DrainOptions): Promise<DrainReport> {
  const { name, withinMs, isUrgent, readiness, metrics, logger } = options;
  const delayMs = isUrgent ? 0 : options.delayMs;
  const startedAt = performance.now();
  readiness.drain();
  metrics.beginDrain();
  logger.info({ delayMs, drainMs: withinMs, isUrgent }, `The ${name} is told to stop: unready from here on`);
  server.announceDrain?.();
  // Not even a timer's length where there is none: whoever comes now would be let in.
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const report = await server.drain(withinMs, isUrgent);
  const record = { ...report.figures, durationMs: Math.round(performance.now() - startedAt) };
  if (report.loss === undefined) logger.info(record, `The ${name} has drained`);
  else logger.error(record, `The ${name} has drained, and lost something: ${report.loss}`);
  return report;
}
