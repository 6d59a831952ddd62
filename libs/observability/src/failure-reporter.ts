import type { Logger } from 'pino';

/** Least time between two records of one kind of failure, in milliseconds: an outage of minutes stays readable. */
const defaultEveryMs = 10_000;

export interface FailureReporterOptions {
  /** Default 10 seconds. */
  readonly everyMs?: number;
  /** Milliseconds of any clock that does not go back. Default: the process's. */
  readonly now?: () => number;
}

/**
 * Logs failures of something that is tried again and again, such as a connection: the first of each kind at once, then at
 * most one in `everyMs`, with the number that were left out since. A kind is a text with an error's code, or its class.
 * Records have the error's message and no stack, which would only show our own retries.
 */
export function createFailureReporter(
  logger: Pick<Logger, 'warn'>,
  { everyMs = defaultEveryMs, now = () => performance.now() }: FailureReporterOptions = {},
): (error: unknown, text: string) => void {
  const kinds = new Map<string, { loggedAt: number; omitted: number }>();
  return (error, text) => {
    const failure: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
    const { code, name, message } = failure;
    const kind = `${code ?? name} ${text}`;
    const known = kinds.get(kind);
    if (known && now() - known.loggedAt < everyMs) {
      known.omitted += 1;
      return;
    }
    kinds.set(kind, { loggedAt: now(), omitted: 0 });
    // Errors of several addresses in one (AggregateError) have a code and no message.
    logger.warn({ error: message || code || name, omitted: known?.omitted || undefined }, text);
  };
}
