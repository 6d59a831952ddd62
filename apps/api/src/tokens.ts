/** Injection tokens of what the api is given: the composing process makes them. */
export const CURRENT_API = Symbol('CurrentApi');
export const PUBLISHER = Symbol('Publisher');
export const AUTHENTICATOR = Symbol('Authenticator');
export const METRICS = Symbol('Metrics');
export const LOGGER = Symbol('Logger');
