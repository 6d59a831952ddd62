import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { withoutSecrets } from './without-secrets.js';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON lines on standard output, one per record, without credentials.
 * `level` is the least severe level that is written; `name` tells the processes apart.
 */
export function createLogger(options: {
  readonly name: string;
  readonly level: string;
  readonly destination?: NodeJS.WritableStream;
}): Logger {
  const settings: LoggerOptions = {
    name: options.name,
    level: options.level,
    // Of the line, not of members by their paths: a credential may stand in a URL or in the message of an error's cause.
    hooks: { streamWrite: withoutSecrets },
    // A pod's name is the collector's to add.
    base: { name: options.name },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/**
 * The same logger for records that an audit needs: they are written at level `info` whatever level the process logs at, unless it
 * is `silent`.
 */
export function auditLogger(logger: Logger): Logger {
  const isWritten = logger.isLevelEnabled('info') || logger.level === 'silent';
  return isWritten ? logger : logger.child({}, { level: 'info' });
}

/** The logger as one function of level, message and details, for libraries that know no logger. */
export function logByLevel(
  logger: Logger,
): (level: 'debug' | 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>) => void {
  return (level, message, details = {}) => logger[level](details, message);
}
