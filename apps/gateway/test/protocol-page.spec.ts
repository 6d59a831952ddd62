import { readFileSync } from 'node:fs';
import { CloseCode } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import { gatewaySettings, loadSettings } from '#libs/config';
import { closes } from '#libs/protocol';
import { bytesPerMessage } from '../src/connection/connection-socket.js';
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
    ['fragments of a message', `${defaults.MAX_FRAGMENTS_PER_MESSAGE}, \`MAX_FRAGMENTS_PER_MESSAGE\``],
    ['characters of a query: 20 for every 3 of `limits.maxTokens`', maxDocumentLength(defaultLimits)],
    [
      'fields of a selection, fragments followed, each possible type of an interface counted',
      `${defaultLimits.maxFields}, \`limits.maxFields\``,
    ],
    ['levels of a selection', `${defaultLimits.maxDepth}, \`limits.maxDepth\``],
    ['bytes that wait for a client that does not read', `${defaults.MAX_WAITING_BYTES}, \`MAX_WAITING_BYTES\``],
    ['from the warning to the end of credentials (graphql-transport-ws)', `${defaults.TOKEN_EXPIRY_WARNING_MS} ms`],
    ['without a subscription', `${defaults.IDLE_TIMEOUT_MS} ms`],
    ['age of a connection, up to a tenth less', `${defaults.MAX_CONNECTION_AGE_MS} ms`],
    ["from the TCP connection to the end of the request's headers", `${defaults.HEADERS_TIMEOUT_MS} ms`],
    ['messages in a second, for long', `${defaults.MESSAGE_RATE}, \`MESSAGE_RATE\``],
    ['messages at once, and again as many beyond the rate', `${defaults.MESSAGE_BURST}, \`MESSAGE_BURST\``],
    [
      "connections of a person or machine, by the [handshake's credentials](limits.md#websocket)",
      `${defaults.MAX_CONNECTIONS_PER_IDENTITY}, \`MAX_CONNECTIONS_PER_IDENTITY\``,
    ],
    ['connections of an address', `${defaults.MAX_CONNECTIONS_PER_ADDRESS}, \`MAX_CONNECTIONS_PER_ADDRESS\``],
    [
      'connections of an address that are not acknowledged',
      `${defaults.MAX_PENDING_HANDSHAKES_PER_ADDRESS}, \`MAX_PENDING_HANDSHAKES_PER_ADDRESS\``,
    ],
    ['connections of a process', `${defaults.MAX_CONNECTIONS}, \`MAX_CONNECTIONS\``],
    ['upgrades of a process in a second', `${defaults.MAX_HANDSHAKES_PER_SECOND}, \`MAX_HANDSHAKES_PER_SECOND\``],
    ['bytes of the headers of a request', `${defaults.MAX_HEADER_BYTES}, \`MAX_HEADER_BYTES\``],
  ])('should give the limit in force: %s', (what, limit) => {
    expect(page).toContain(`\n| ${what} | ${limit} |`);
  });

  it.each(Object.values(closes))('should list $code $reason, and say whether to come back', (close) => {
    const come = close.shouldReconnect ? 'yes' : 'no';
    expect(page).toMatch(new RegExp(`^\\| ${close.code} \\| \`${close.reason}\` \\| .* \\| ${come}[^|]* \\|$`, 'm'));
  });

  it('should say how much of a message counts as one', () => {
    expect(page).toContain(`A message counts once for each ${bytesPerMessage / 1024} KiB`);
  });

  it('should list the closes that the graphql-ws library makes in place of ours', () => {
    const { BadRequest, Unauthorized, SubscriberAlreadyExists, TooManyInitialisationRequests } = CloseCode;
    for (const code of [BadRequest, Unauthorized, SubscriberAlreadyExists, TooManyInitialisationRequests]) {
      expect(page).toMatch(new RegExp(`^\\| ${code} \\| [^|]*\\(graphql-transport-ws\\) \\|$`, 'm'));
    }
  });
});
