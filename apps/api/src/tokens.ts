/** Injection tokens of what the api is given: the composing process makes them. */
export const EXECUTABLE_API = Symbol('ExecutableApi');
export const PUBLISHER = Symbol('Publisher');
export const VERIFIERS = Symbol('Verifiers');
export const LOGGER = Symbol('Logger');
