import type { Logger } from 'pino';
import { createFailureReporter } from './failure-reporter.js';
import type { FailureReporterOptions } from './failure-reporter.js';

/** Credentials that were not taken, and why. */
interface RefusedCredentials {
  readonly code: string;
  /** What the client was told. */
  readonly message: string;
  /** What is behind it, the nearest cause first. */
  readonly reasons: readonly string[];
  readonly requestId: string | null;
}

/** Who is told what about authentication. */
export interface AuthenticationLog {
  readonly onRefusal: (refusal: RefusedCredentials) => void;
  readonly onProviderFault: (error: Error, text: string) => void;
}

/**
 * Logs why credentials are not taken. A refusal is a `debug` record, because strangers can cause as many as they like. A provider that
 * fails is a `warn` record, which alone shuts nobody out: keys that are known go on serving. Credentials that cannot be verified
 * because of it are an `error` record. The last two come at most once in ten seconds of a kind, with the number that were left out.
 */
export function authenticationLog(
  logger: Pick<Logger, 'debug' | 'warn' | 'error'>,
  options?: FailureReporterOptions,
): AuthenticationLog {
  const reportFault = createFailureReporter(logger, options);
  const reportOutage = createFailureReporter({ warn: logger.error.bind(logger) }, options);
  return {
    onRefusal({ code, message, reasons, requestId }) {
      logger.debug({ code, answer: message, reasons, requestId }, 'Credentials were not taken');
      if (code === 'INTERNAL_FAILURE') {
        reportOutage(new Error(reasons.join(' ') || message), 'Credentials cannot be verified at the moment');
      }
    },
    onProviderFault: (error, text) => reportFault(new Error(messagesOf(error).join(' ')), text),
  };
}

/** More would be a cause that causes itself. */
const maxMessages = 5;

/** The message and those of the causes: `fetch failed` alone says nothing of who could not be reached. */
function messagesOf(error: Error): readonly string[] {
  const messages: string[] = [];
  for (let one: unknown = error; one instanceof Error && messages.length < maxMessages; one = one.cause) {
    messages.push(one.message || (one as NodeJS.ErrnoException).code || one.name);
  }
  return messages;
}
