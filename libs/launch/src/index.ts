export { runServer } from './run-server.js';
export type { Launched, ServerProcess, SettingsTable } from './run-server.js';
