/** Injection tokens of what the api is given: the composing process makes them. */
export const EXECUTABLE_API = Symbol('ExecutableApi');
export const PUBLISHER = Symbol('Publisher');
export const AUTHENTICATOR = Symbol('Authenticator');
export const METRICS = Symbol('Metrics');
export const LOGGER = Symbol('Logger');
