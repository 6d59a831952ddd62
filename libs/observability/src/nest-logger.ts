import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages, written as records of our log. Its start-up chatter is debug: it tells an operator nothing. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...details: unknown[]): void {
    this.logger.debug({ nest: details.at(-1) }, String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.logger.error({ nest: details.at(-1), stack: details.length > 1 ? details[0] : undefined }, String(message));
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.logger.warn({ nest: details.at(-1) }, String(message));
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.logger.debug({ nest: details.at(-1) }, String(message));
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.logger.trace({ nest: details.at(-1) }, String(message));
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.logger.fatal({ nest: details.at(-1) }, String(message));
  }
}
