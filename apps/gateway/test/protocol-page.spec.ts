import { readFileSync } from 'node:fs';
import { CloseCode } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { gatewaySettings, loadSettings } from '#libs/config';
import { maxWaitingBytes } from '../src/connection/connection-socket.js';
import { maxFragments } from '../src/connection/realtime-server.js';
import { maxProjectedDepth, maxProjectedFields } from '../src/fanout/projection.js';
import { connectionTimeoutMs } from '../src/gateway-options.js';
import { maxDocumentLength } from '../src/subscription/read-document.js';

const page = readFileSync(new URL('../../../docs/reference/protocol.md', import.meta.url), 'utf8');
const defaults = loadSettings(gatewaySettings, { STARLING_API: 'api', REDIS_URL: 'redis://localhost' });

describe('docs/reference/protocol.md', () => {
  it.each([
    ['from the upgrade to `connection_init`', `${defaults.CONNECTION_INIT_TIMEOUT_MS} ms`],
    ['between two `ka` messages, and between two WebSocket pings', `${defaults.KEEP_ALIVE_MS} ms`],
    ['`connectionTimeoutMs` in `connection_ack`', `${connectionTimeoutMs} ms`],
    [
      'subscriptions of a connection, those that are starting counted',
      `${defaults.MAX_SUBSCRIPTIONS_PER_CONNECTION}, \`MAX_SUBSCRIPTIONS_PER_CONNECTION\``,
    ],
    ['bytes of a message', `${defaults.MAX_FRAME_BYTES}, \`MAX_FRAME_BYTES\``],
    ['fragments of a message', maxFragments],
    ['characters of a query', maxDocumentLength],
    ['fields of a selection, fragments followed, each possible type of an interface counted', maxProjectedFields],
    ['levels of a selection', maxProjectedDepth],
    ['bytes that wait for a client that does not read', maxWaitingBytes],
  ])('should give the limit in force: %s', (what, limit) => {
    expect(page).toContain(`\n| ${what} | ${limit} |`);
  });

  it('should list the closes that the graphql-ws library makes in place of ours', () => {
    const { BadRequest, Unauthorized, ConnectionInitialisationTimeout, SubscriberAlreadyExists } = CloseCode;
    const codes = [BadRequest, Unauthorized, ConnectionInitialisationTimeout, SubscriberAlreadyExists];
    for (const code of [...codes, CloseCode.TooManyInitialisationRequests]) {
      expect(page).toMatch(new RegExp(`^\\| ${code} \\| .*\\(graphql-transport-ws\\) \\|$`, 'm'));
    }
  });
});
