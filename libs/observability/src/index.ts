export { createFailureReporter } from './failure-reporter.js';
export type { FailureReporterOptions } from './failure-reporter.js';
export { createLogger, logByLevel } from './logger.js';
export type { Logger } from './logger.js';
export { NestLogger } from './nest-logger.js';
