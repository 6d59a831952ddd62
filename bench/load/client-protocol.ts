/** The fields of every subscription. `sentAt` comes first, so that it stands in a frame's first bytes. */
const fields = 'sentAt id boardId title status owner description';

/** Id of a connection's one subscription. As long as what clients choose: Amplify and graphql-ws send UUIDs. */
const subscriptionId = '7f0c0d9e-6a55-4f4e-9a52-2f0d8c1b3e11';

/** Which board's tasks a subscription is for. Undefined: every board's. */
export type BoardId = string | undefined;

/** The headers that say who a client is. */
export type ClientCredentials = Readonly<Record<string, string>>;

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
  path(host: string, credentials: ClientCredentials): string;
  init(credentials: ClientCredentials): object;
  subscribe(boardId: BoardId, host: string, credentials: ClientCredentials): object;
  unsubscribe(): object;
  /** Types of the messages that say that a subscription is there; undefined where nothing says so. */
  readonly acknowledgement: string | undefined;
  /** Type of the messages that are deliveries. */
  readonly delivery: string;
}

const graphqlTransportWs: ClientProtocol = {
  subprotocol: 'graphql-transport-ws',
  path: () => '/graphql',
  init: (credentials) => ({ type: 'connection_init', payload: credentials }),
  subscribe: (boardId) => ({ id: subscriptionId, type: 'subscribe', payload: subscriptionOf(boardId) }),
  unsubscribe: () => ({ id: subscriptionId, type: 'complete' }),
  acknowledgement: undefined,
  delivery: 'next',
};

const appSync: ClientProtocol = {
  subprotocol: 'graphql-ws',
  path: (host, credentials) => `/graphql/realtime?header=${encodeHeader({ host, ...credentials })}&payload=e30=`,
  init: () => ({ type: 'connection_init' }),
  subscribe: (boardId, host, credentials) => ({
    id: subscriptionId,
    type: 'start',
    payload: {
      data: JSON.stringify(subscriptionOf(boardId)),
      extensions: { authorization: { host, ...credentials } },
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
