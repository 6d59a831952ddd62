import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  appSyncMessages,
  appSyncSubprotocol,
  closes,
  errors,
  maxSubscriptionIdLength,
  parseAppSyncMessage,
} from '../src/index.js';

const page = readFileSync(new URL('../../../docs/reference/protocol.md', import.meta.url), 'utf8');

/** The rows of the first table under a heading, as cells without quotes. */
function firstTable(heading: string): string[][] {
  const [, section = ''] = page.split(`${heading}\n`);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row.split(' | ').map((cell) =>
        cell
          .replace(/^\||\|$/g, '')
          .trim()
          .replace(/^`(.*)`$/, '$1'),
      ),
    );
}

const typesIn = (heading: string) => firstTable(heading).map(([message]) => /"type": "(\w+)"/.exec(message ?? '')?.[1]);

describe('docs/reference/protocol.md', () => {
  it('should list every close of the registry, and no other', () => {
    const listed = firstTable('## Closes').map(([code, reason, , comeBack]) => [Number(code), reason, comeBack]);
    const registered = Object.values(closes).map(({ code, reason, shouldReconnect }) => [
      code,
      reason,
      shouldReconnect ? 'yes' : 'no',
    ]);
    expect(listed).toEqual(registered.sort(([a], [b]) => Number(a) - Number(b)));
  });

  it("should list every message that AppSync's clients may send", () => {
    const types = typesIn('### The client sends');
    expect(types).toEqual(['connection_init', 'start', 'stop']);
    for (const type of types) {
      const message = JSON.stringify({ type, id: '1', payload: { data: '{}' } });
      expect(parseAppSyncMessage(message).type).toBe(type);
    }
  });

  it("should list every message that the server sends in AppSync's protocol", () => {
    const sent = [
      appSyncMessages.connectionAck(1),
      appSyncMessages.connectionError([]),
      appSyncMessages.keepAlive,
      appSyncMessages.startAck('1'),
      appSyncMessages.data('1', '{}'),
      appSyncMessages.error('1', []),
      appSyncMessages.complete('1'),
    ].map((text) => (JSON.parse(text) as { type: string }).type);
    expect(sent).toHaveLength(Object.keys(appSyncMessages).length);
    expect(typesIn('### The server sends')).toEqual(sent);
  });

  it('should show a conversation whose messages are what is sent and read', () => {
    const [, conversation = ''] = /```\n(C: GET[^]*?)```/.exec(page) ?? [];
    const said = (who: string) =>
      conversation
        .split('\n')
        .filter((line) => line.startsWith(`${who}: {`))
        .map((line) => line.slice(3));
    expect(said('C').map((text) => parseAppSyncMessage(text).type)).toEqual(['connection_init', 'start', 'stop']);
    expect(said('S')).toEqual([
      appSyncMessages.connectionAck(300_000),
      appSyncMessages.keepAlive,
      appSyncMessages.startAck('1'),
      appSyncMessages.data('1', '{"data":{"onTaskCreated":{"id":"t1","title":"Paint the fence"}}}'),
      appSyncMessages.complete('1'),
    ]);
  });

  it('should name the subprotocol, the longest id and the type of an invalidation', () => {
    expect(page).toContain(`| \`${appSyncSubprotocol}\` | AppSync's realtime protocol |`);
    expect(page).toContain(`| characters of an id | ${maxSubscriptionIdLength} |`);
    expect(page).toContain(
      `"errorType": "${errors.SUBSCRIPTION_INVALIDATED.errorType}", "message": "Subscription complete."`,
    );
  });
});
