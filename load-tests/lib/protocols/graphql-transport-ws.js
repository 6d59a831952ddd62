// graphql-transport-ws as docs/reference/protocol.md has it. Uses nothing of k6 or Node.

/** Close codes after which the client of the graphql-ws library does not come back. */
const finalCodes = new Set([4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500]);

/** Those of WebSocket's own range after which it does. */
const passingCodes = new Set([1000, 1001, 1005, 1006, 1012, 1013, 1014]);

const kinds = {
  connection_ack: 'welcome',
  next: 'delivery',
  error: 'error',
  complete: 'complete',
  ping: 'ping',
};

export const graphqlTransportWs = Object.freeze({
  name: 'graphql-transport-ws',
  /** Whether the server says when a subscription has started. */
  acknowledges: false,
  subprotocols: () => ['graphql-transport-ws'],
  hello: (credentials) => JSON.stringify({ type: 'connection_init', payload: credentials }),
  subscribe: (id, request) => JSON.stringify({ type: 'subscribe', id, payload: request }),
  pong: () => JSON.stringify({ type: 'pong' }),
  /** Whether a frame is a ping, as Starling writes it: told without reading it, because there are thousands of others. */
  isPing: (text) => text.startsWith('{"type":"ping"'),
  /** What a frame says: its kind, and for deliveries and errors the rest. */
  read(text) {
    const { type, id, payload } = JSON.parse(text);
    const kind = kinds[type] ?? 'other';
    if (kind === 'delivery') return { kind, id, data: payload.data, errors: payload.errors };
    return { kind, id, errors: kind === 'error' ? payload : undefined };
  },
  /** Whether a client of this protocol comes back after a close with this code. */
  comesBack: (code) => !finalCodes.has(code) && (code >= 3_000 || passingCodes.has(code)),
});
