export { parseAllowedOrigins } from './allowed-origins.js';
export type { AllowedOrigins } from './allowed-origins.js';
export { awsEndpoints } from './aws-endpoints.js';
export type { AwsEndpoints } from './aws-endpoints.js';
export { requireApiFolder } from './api-folder.js';
export { authenticationSettings } from './authentication-settings.js';
export type { AuthenticationSettings } from './authentication-settings.js';
export { describeSettings, settingsHelp } from './describe-settings.js';
export type { SettingDescription } from './describe-settings.js';
export { environment } from './environment.js';
export { listenOrExplain } from './listen.js';
export { loadSettings, SettingsError } from './load-settings.js';
export { commandLine, runProcess, StartError, StopError } from './run-process.js';
export type { Running, Stop } from './run-process.js';
export { redisAddress } from './redis-settings.js';
export type { RedisAddressSettings } from './redis-settings.js';
export { apiSettings, gatewaySettings, standaloneSettings } from './settings.js';
export type {
  ApiSettings,
  GatewaySettings,
  LogLevel,
  OnTokenExpiry,
  SlowConsumerPolicy,
  StandaloneSettings,
} from './settings.js';
export { traceOptions } from './trace-settings.js';
export type { TraceOptions } from './trace-settings.js';
export { addressBlock, clientAddresses, parseTrustedProxies } from './trusted-proxies.js';
export type { TrustedProxies } from './trusted-proxies.js';
