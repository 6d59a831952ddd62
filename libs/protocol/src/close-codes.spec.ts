import { describe, expect, it } from 'vitest';
import { closes } from './close-codes.js';

const entries = Object.entries(closes);

/** Codes an endpoint may send: those of RFC 6455 and its registry, and those of the application. */
const isSendable = (code: number) =>
  [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].includes(code) ||
  (code >= 4000 && code < 5000);

describe('the registry of closes', () => {
  it.each(entries)('should give %s a code that may be sent, and a reason that fits a close frame', (_name, close) => {
    expect(close.code).toSatisfy(isSendable);
    expect(close.reason).not.toBe('');
    expect(Buffer.byteLength(close.reason)).toBeLessThanOrEqual(123);
    expect(Object.isFrozen(close)).toBe(true);
  });

  it('should let code and reason together name one close', () => {
    const names = entries.map(([, { code, reason }]) => `${code} ${reason}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['a process that stops', [closes.GOING_AWAY, closes.SERVICE_RESTART], true],
    ['a client that is slow, or came at a bad moment', [closes.SLOW_CONSUMER, closes.UNAVAILABLE], true],
    ['refused credentials', [closes.UNAUTHORIZED, closes.FORBIDDEN], false],
    ['a broken protocol', [closes.PROTOCOL_ERROR, closes.SUBPROTOCOL, closes.INVALID_MESSAGE], false],
    ['an invalidation', [closes.INVALIDATED], false],
    ['credentials that have ended', [closes.TOKEN_EXPIRED, closes.CREDENTIALS_EXPIRED], true],
    ['an age that is reached', [closes.MAX_AGE], true],
    ['too many messages', [closes.FLOOD, closes.TOO_MANY_MESSAGES], false],
  ])('should tell clients whether to come back after %s', (_name, some, shouldReconnect) => {
    for (const close of some) expect(close.shouldReconnect).toBe(shouldReconnect);
  });
});
