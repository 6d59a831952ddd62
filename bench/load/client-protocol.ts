/** The fields of every subscription. `sentAt` comes first, so that it stands in a frame's first bytes. */
const fields = 'sentAt id boardId title status owner description';

/** Id of a connection's one subscription. As long as what clients choose: Amplify and graphql-ws send UUIDs. */
const subscriptionId = '7f0c0d9e-6a55-4f4e-9a52-2f0d8c1b3e11';

/** Which board's tasks a subscription is for. Undefined: every board's. */
export type BoardId = string | undefined;

/** Two documents: to AppSync, an argument whose variable was not sent asks for events where it is null. */
function subscriptionOf(boardId: BoardId): { readonly query: string; readonly variables: object } {
  if (boardId === undefined)
    return { query: `subscription OnCreateTask { onCreateTask { ${fields} } }`, variables: {} };
  const query = `subscription OnCreateTask($boardId: ID) { onCreateTask(boardId: $boardId) { ${fields} } }`;
  return { query, variables: { boardId } };
}

/** What a client says in one of the protocols, as far as a measurement needs it. */
export interface ClientProtocol {
  readonly subprotocol: string;
  /** Path and query of the upgrade. */
  path(host: string, apiKey: string): string;
  init(apiKey: string): object;
  subscribe(boardId: BoardId, host: string, apiKey: string): object;
  unsubscribe(): object;
  /** Types of the messages that say that a subscription is there; undefined where nothing says so. */
  readonly acknowledgement: string | undefined;
  /** Type of the messages that are deliveries. */
  readonly delivery: string;
}

const graphqlTransportWs: ClientProtocol = {
  subprotocol: 'graphql-transport-ws',
  path: () => '/graphql',
  init: (apiKey) => ({ type: 'connection_init', payload: { 'x-api-key': apiKey } }),
  subscribe: (boardId) => ({ id: subscriptionId, type: 'subscribe', payload: subscriptionOf(boardId) }),
  unsubscribe: () => ({ id: subscriptionId, type: 'complete' }),
  acknowledgement: undefined,
  delivery: 'next',
};

const appSync: ClientProtocol = {
  subprotocol: 'graphql-ws',
  path: (host, apiKey) => `/graphql/realtime?header=${encodeHeader({ host, 'x-api-key': apiKey })}&payload=e30=`,
  init: () => ({ type: 'connection_init' }),
  subscribe: (boardId, host, apiKey) => ({
    id: subscriptionId,
    type: 'start',
    payload: {
      data: JSON.stringify(subscriptionOf(boardId)),
      extensions: { authorization: { host, 'x-api-key': apiKey } },
    },
  }),
  unsubscribe: () => ({ id: subscriptionId, type: 'stop' }),
  acknowledgement: 'start_ack',
  delivery: 'data',
};

export const clientProtocols = { graphqlTransportWs, appSync } as const;

function encodeHeader(header: object): string {
  return encodeURIComponent(Buffer.from(JSON.stringify(header)).toString('base64'));
}
