import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOfRefusedMessage, parseAppSyncMessage, readHandshakeHeaders, RequestError } from '../src/index.js';

const anyMember = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('connection_init', 'start', 'stop', 'constructor', '__proto__', '', 'x'.repeat(129)),
);
const almostMessage = fc
  .record(
    {
      id: anyMember,
      type: anyMember,
      payload: fc.oneof(anyMember, fc.record({ data: anyMember, extensions: anyMember })),
    },
    { requiredKeys: [] },
  )
  .map((message) => JSON.stringify(message));

describe('whatever text comes', () => {
  it('should be read as a message, or be refused with an error of the registry', () => {
    fc.assert(
      fc.property(fc.oneof(almostMessage, fc.json(), fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(['connection_init', 'start', 'stop']).toContain(parseAppSyncMessage(text).type);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
          expect(['string', 'undefined']).toContain(typeof idOfRefusedMessage(error as RequestError));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('should be read as handshake headers, or be refused with an error of the registry', () => {
    const encoded = fc.oneof(
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.string(),
    );
    fc.assert(
      fc.property(encoded, encoded, (header, query) => {
        try {
          const subprotocols = ['graphql-ws', `header-${header}`];
          const headers = readHandshakeHeaders({ subprotocols, query: `header=${query}`, headers: {} });
          for (const value of Object.values(headers)) expect(value).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
