export { authenticationLog } from './authentication-log.js';
export type { AuthenticationLog } from './authentication-log.js';
export { createFailureReporter } from './failure-reporter.js';
export type { FailureReporterOptions } from './failure-reporter.js';
export { createLogger, logByLevel } from './logger.js';
export type { Logger } from './logger.js';
export { createMetrics } from './metrics.js';
export type { Metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
