import { describe, expect, it } from 'vitest';
import { RequestError } from '../errors.js';
import { appSyncMessages, idOfRefusedMessage, maxSubscriptionIdLength, parseAppSyncMessage } from './messages.js';

const data = '{"query":"subscription { onTaskCreated { id } }","variables":{}}';

function refusalOf(text: string): RequestError {
  try {
    parseAppSyncMessage(text);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('The message was accepted.');
}

describe('parseAppSyncMessage', () => {
  it.each([
    ['connection_init', { type: 'connection_init' }, { type: 'connection_init' }],
    ['connection_init with a payload', { type: 'connection_init', payload: 1 }, { type: 'connection_init' }],
    ['stop', { id: '1', type: 'stop' }, { type: 'stop', id: '1' }],
    [
      'start',
      { id: '1', type: 'start', payload: { data, extensions: { authorization: { host: 'a' } } } },
      { type: 'start', id: '1', data, authorization: { host: 'a' } },
    ],
    [
      'start without authorization',
      { id: '1', type: 'start', payload: { data } },
      { type: 'start', id: '1', data, authorization: null },
    ],
    [
      'start with a list for authorization',
      { id: '1', type: 'start', payload: { data, extensions: { authorization: ['a'] } } },
      { type: 'start', id: '1', data, authorization: null },
    ],
  ])('should read %s', (_name, message, expected) => {
    expect(parseAppSyncMessage(JSON.stringify(message))).toEqual(expected);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', '0', ' ', 'ü', 'x'.repeat(128)])(
    'should take the id %j for an id like any other',
    (id) => {
      expect(parseAppSyncMessage(JSON.stringify({ id, type: 'stop' }))).toEqual({ type: 'stop', id });
    },
  );

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(maxSubscriptionIdLength + 1)],
    ['a number', 1],
    ['null', null],
    ['missing', undefined],
    ['an object', { toString: 'x' }],
  ])('should refuse an id that is %s', (_name, id) => {
    for (const type of ['start', 'stop']) {
      const refusal = refusalOf(JSON.stringify({ id, type, payload: { data } }));
      expect(refusal).toMatchObject({
        code: 'BAD_REQUEST',
        message: 'The message needs an id: a string of 1 to 128 characters.',
      });
      expect(idOfRefusedMessage(refusal)).toBeUndefined();
    }
  });

  it.each([
    ['no JSON', 'meow', 'The message is not JSON.'],
    ['empty', '', 'The message is not JSON.'],
    ['half a message', '{"type":"start","payload":{"Authorization":"secret', 'The message is not JSON.'],
    ['a list', '[]', 'The message is not a JSON object.'],
    ['null', 'null', 'The message is not a JSON object.'],
    ['nested a hundred thousand deep', '['.repeat(100_000) + ']'.repeat(100_000), 'The message is not a JSON object.'],
  ])('should refuse a frame that is %s, and quote none of it', (_name, text, message) => {
    const refusal = refusalOf(text);
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST', message });
    expect(refusal.cause).toBeUndefined();
  });

  it.each([
    [
      'an unknown type',
      { type: 'subscribe' },
      'Unknown message type "subscribe"; expected connection_init, start or stop.',
    ],
    [
      'a type of another case',
      { type: 'START' },
      'Unknown message type "START"; expected connection_init, start or stop.',
    ],
    ['no type', {}, 'The message has no type; expected connection_init, start or stop.'],
    ['a type that is no text', { type: 7 }, 'The message has no type; expected connection_init, start or stop.'],
  ])('should refuse %s and know its id', (_name, members, message) => {
    const refusal = refusalOf(JSON.stringify({ id: 'a', ...members }));
    expect(refusal).toMatchObject({ code: 'UNSUPPORTED_OPERATION', message });
    expect(idOfRefusedMessage(refusal)).toBe('a');
  });

  it('should not inherit a type from a __proto__ member', () => {
    expect(refusalOf('{"__proto__":{"type":"connection_init"}}').code).toBe('UNSUPPORTED_OPERATION');
  });

  it('should quote no more than 40 characters of a type', () => {
    expect(refusalOf(JSON.stringify({ type: 'x'.repeat(1000) })).message.length).toBeLessThan(120);
  });

  it.each([[{}], [{ data: {} }], [null], [[]], ['text']])(
    'should refuse start with the payload %j and know its id',
    (payload) => {
      const refusal = refusalOf(JSON.stringify({ id: 'a', type: 'start', payload }));
      expect(refusal).toMatchObject({
        code: 'BAD_REQUEST',
        message: 'start needs payload.data: a string with the JSON text of {query, variables}.',
      });
      expect(idOfRefusedMessage(refusal)).toBe('a');
    },
  );

  it('should not repeat the id of an unknown message when it is too long', () => {
    expect(idOfRefusedMessage(refusalOf(JSON.stringify({ id: 'x'.repeat(4096), type: '?' })))).toBeUndefined();
  });
});

describe('appSyncMessages', () => {
  it.each([
    [appSyncMessages.connectionAck(300_000), { type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } }],
    [appSyncMessages.keepAlive, { type: 'ka' }],
    [appSyncMessages.startAck('a"b'), { type: 'start_ack', id: 'a"b' }],
    [appSyncMessages.complete('a'), { type: 'complete', id: 'a' }],
    [
      appSyncMessages.data('a"b', '{"data":{"onTaskCreated":null}}'),
      { type: 'data', id: 'a"b', payload: { data: { onTaskCreated: null } } },
    ],
    [
      appSyncMessages.connectionError([{ errorType: 'UnauthorizedException', message: 'm', errorCode: 401 }]),
      {
        type: 'connection_error',
        payload: { errors: [{ errorType: 'UnauthorizedException', message: 'm', errorCode: 401 }] },
      },
    ],
    [appSyncMessages.error(undefined, [{ message: 'm' }]), { type: 'error', payload: { errors: [{ message: 'm' }] } }],
    [
      appSyncMessages.error('a', [{ message: 'm' }], { onTaskCreated: null }),
      { type: 'error', id: 'a', payload: { errors: [{ message: 'm' }], data: { onTaskCreated: null } } },
    ],
  ])('should write %s', (text, message) => {
    expect(JSON.parse(text)).toEqual(message);
  });
});
