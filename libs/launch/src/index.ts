export type { Drainable, DrainReport } from './drain-server.js';
export { runServer } from './run-server.js';
export type { Launched, ServerProcess, SettingsTable } from './run-server.js';
export { serveMetrics } from './serve-metrics.js';
export type { ServedMetrics } from './serve-metrics.js';
