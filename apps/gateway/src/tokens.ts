/** Injection tokens of what the gateway is given: the composing process makes them. */
export const CURRENT_API = Symbol('CurrentApi');
export const EVENT_LOG = Symbol('EventLog');
export const AUTHENTICATOR = Symbol('Authenticator');
export const GATEWAY_OPTIONS = Symbol('GatewayOptions');
export const METRICS = Symbol('Metrics');
export const LOGGER = Symbol('Logger');
/** Null where nothing is traced. */
export const TRACING = Symbol('Tracing');
