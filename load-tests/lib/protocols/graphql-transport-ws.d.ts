import type { LoadProtocol } from './load-protocol.js';

export const graphqlTransportWs: LoadProtocol;
