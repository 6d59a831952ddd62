export { describeSettings, settingsHelp } from './describe-settings.js';
export type { SettingDescription } from './describe-settings.js';
export { environment } from './environment.js';
export { listenOrExplain } from './listen.js';
export { loadSettings, SettingsError } from './load-settings.js';
export { commandLine, runProcess, StartError } from './run-process.js';
export type { Running } from './run-process.js';
export { apiSettings, gatewaySettings, standaloneSettings } from './settings.js';
export type { ApiSettings, GatewaySettings, LogLevel, StandaloneSettings } from './settings.js';
