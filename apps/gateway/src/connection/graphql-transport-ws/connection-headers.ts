import { createDictionary, isJsonObject } from '#libs/protocol';
import type { Handshake } from '../connection.js';

/** What a handshake says about itself, and nobody asks for afterwards. */
const handshakeOnly = /^(?:connection|upgrade|sec-websocket-.*)$/;

/**
 * The headers of a connection, which name its credentials and which resolvers see: those under `headers` in the payload of
 * `connection_init`, those at its top, and those of the handshake, of which the first that has a name counts. Names in lower case.
 *
 * Filled in one pass, because it runs for each connection of a storm, and kept as long as the connection.
 */
export function connectionHeaders(
  params: Readonly<Record<string, unknown>>,
  handshake: Handshake['headers'],
): Record<string, string> {
  const headers = createDictionary<string>();
  if (isJsonObject(params.headers)) add(headers, params.headers);
  add(headers, params);
  for (const name in handshake) if (!handshakeOnly.test(name)) addOne(headers, name, handshake[name]);
  return headers;
}

function add(headers: Record<string, string>, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) addOne(headers, name.toLowerCase(), value);
}

function addOne(headers: Record<string, string>, name: string, value: unknown): void {
  const text: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof text === 'string') headers[name] ??= text;
}
