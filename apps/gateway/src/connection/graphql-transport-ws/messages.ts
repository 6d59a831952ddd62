/** The messages of graphql-transport-ws that this server sends, as JSON text; events are sent by `deliveryFrame`. */
export const standardMessages = Object.freeze({
  connectionAck: '{"type":"connection_ack"}',
  /** A payload that is undefined is left out. */
  ping: (payload: unknown): string => JSON.stringify({ type: 'ping', payload }),
  pong: (payload: unknown): string => JSON.stringify({ type: 'pong', payload }),
  error: (id: string, errors: readonly unknown[]): string => JSON.stringify({ id, type: 'error', payload: errors }),
  complete: (id: string): string => JSON.stringify({ id, type: 'complete' }),
});
