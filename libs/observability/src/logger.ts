import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';

export type { Logger } from 'pino';

/** Paths whose values are credentials: they are cut from every record, wherever a request or its headers are logged. */
const secretPaths = ['authorization', '["x-api-key"]', 'cookie', 'password', 'token'].flatMap((name) => {
  const member = name.startsWith('[') ? name : `.${name}`;
  return [name, `headers${member}`, `req.headers${member}`, `request.headers${member}`];
});

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
    redact: { paths: secretPaths, remove: true },
    // A pod's name is the collector's to add.
    base: { name: options.name },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** The logger as one function of level, message and details, for libraries that know no logger. */
export function logByLevel(
  logger: Logger,
): (level: 'debug' | 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>) => void {
  return (level, message, details = {}) => logger[level](details, message);
}
