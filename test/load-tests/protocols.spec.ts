import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { appsync } from '../../load-tests/lib/protocols/appsync.js';
import { graphqlTransportWs } from '../../load-tests/lib/protocols/graphql-transport-ws.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/reference/protocol.md', import.meta.url)), 'utf8');

describe('the protocols of the load tests', () => {
  it('should give up on the close codes on which the documentation says that graphql-ws does', () => {
    const sentence = /graphql-ws library takes ([\d, and]+) for final, and comes back after ([\d, and]+)/.exec(page);
    const numbers = (text = ''): number[] => text.match(/\d+/g)!.map(Number);
    expect(numbers(sentence?.[1]).length).toBeGreaterThan(5);
    expect(numbers(sentence?.[1]).filter(graphqlTransportWs.comesBack)).toEqual([]);
    expect(numbers(sentence?.[2]).length).toBeGreaterThan(4);
    expect(numbers(sentence?.[2]).filter((code) => !graphqlTransportWs.comesBack(code))).toEqual([]);
    expect([1006, 1002, 4999].map(graphqlTransportWs.comesBack)).toEqual([true, false, true]);
  });

  it('should come back after every close, as Amplify does', () => {
    expect([1000, 1001, 1002, 1006, 1008, 4401].every(appsync.comesBack)).toBe(true);
  });

  it('should tell a ping from a delivery that speaks of one', () => {
    const delivery = JSON.stringify({
      type: 'next',
      id: '0',
      payload: { data: { onTaskCreated: { title: '"ping"' } } },
    });
    expect(
      ['{"type":"ping"}', '{"type":"ping","payload":{}}', '{"type":"pong"}', delivery].map(graphqlTransportWs.isPing),
    ).toEqual([true, true, false, false]);
  });

  it('should read what the servers of each say', () => {
    const data = { onTaskCreated: { sequence: 1 } };
    expect(graphqlTransportWs.read(JSON.stringify({ type: 'next', id: '0', payload: { data } }))).toEqual({
      kind: 'delivery',
      id: '0',
      data,
      errors: undefined,
    });
    expect(appsync.read(JSON.stringify({ type: 'data', id: '0', payload: { data } }))).toMatchObject({
      kind: 'delivery',
      id: '0',
      data,
    });
    expect(graphqlTransportWs.read('{"type":"error","id":"0","payload":[{"message":"no"}]}')).toMatchObject({
      kind: 'error',
      errors: [{ message: 'no' }],
    });
    expect(appsync.read('{"type":"connection_error","payload":{"errors":[{"errorCode":401}]}}')).toMatchObject({
      kind: 'refused',
      errors: [{ errorCode: 401 }],
    });
    expect([graphqlTransportWs.read('{"type":"pong"}').kind, appsync.read('{"type":"ka"}').kind]).toEqual([
      'other',
      'other',
    ]);
  });
});
