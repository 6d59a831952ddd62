/** Injection tokens of what the gateway is given: the composing process makes them. */
export const EXECUTABLE_API = Symbol('ExecutableApi');
export const EVENT_LOG = Symbol('EventLog');
export const AUTHENTICATOR = Symbol('Authenticator');
export const GATEWAY_OPTIONS = Symbol('GatewayOptions');
export const METRICS = Symbol('Metrics');
export const LOGGER = Symbol('Logger');
