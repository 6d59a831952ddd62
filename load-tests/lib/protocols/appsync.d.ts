import type { LoadProtocol } from './load-protocol.js';

export const appsync: LoadProtocol;
