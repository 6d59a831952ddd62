// AppSync's protocol as docs/reference/protocol.md has it, and as Amplify speaks it. Uses nothing of k6 or Node.

const kinds = {
  connection_ack: 'welcome',
  connection_error: 'refused',
  start_ack: 'started',
  data: 'delivery',
  error: 'error',
  complete: 'complete',
};

export const appsync = Object.freeze({
  name: 'appsync',
  /** Whether the server says when a subscription has started. */
  acknowledges: true,
  /** The credentials go with the handshake. `encode` writes base64url. */
  subprotocols: (credentials, encode) => ['graphql-ws', `header-${encode(JSON.stringify(credentials))}`],
  hello: () => JSON.stringify({ type: 'connection_init' }),
  subscribe: (id, request, credentials) =>
    JSON.stringify({
      type: 'start',
      id,
      payload: { data: JSON.stringify(request), extensions: { authorization: credentials } },
    }),
  /** Its servers ask nothing. */
  isPing: () => false,
  /** What a frame says: its kind, and for deliveries and errors the rest. */
  read(text) {
    const { type, id, payload } = JSON.parse(text);
    return { kind: kinds[type] ?? 'other', id, data: payload?.data, errors: payload?.errors };
  },
  /** Whether a client of this protocol comes back after a close with this code. Amplify does after each, unless it was refused before. */
  comesBack: () => true,
});
