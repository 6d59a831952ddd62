import { describe, expect, test } from 'vitest';

import { isPromotion, parseReplication, renewedEpoch } from './replication.js';

const none = '0'.repeat(40);
const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

describe('the history of a server', () => {
  test('should be read from INFO replication', () => {
    const info = `# Replication\r\nrole:master\r\nmaster_replid:${b}\r\nmaster_replid2:${a}\r\nmaster_repl_offset:7\r\n`;
    expect(parseReplication(info)).toEqual({ id: b, parentId: a });
  });

  test('should be empty where a server does not tell', () => {
    expect(parseReplication('# Replication\r\nrole:master\r\n')).toEqual({ id: '', parentId: '' });
  });

  test.each([
    { story: 'the same server', known: { id: a, parentId: none }, current: { id: a, parentId: none }, is: false },
    {
      story: 'a restart from the journal',
      known: { id: a, parentId: none },
      current: { id: b, parentId: none },
      is: false,
    },
    { story: 'a replica that took over', known: { id: a, parentId: none }, current: { id: b, parentId: a }, is: true },
    { story: 'two failovers in a row', known: { id: a, parentId: none }, current: { id: c, parentId: b }, is: true },
    { story: 'a first look', known: { id: '', parentId: '' }, current: { id: b, parentId: a }, is: false },
    {
      story: 'a server that does not tell',
      known: { id: a, parentId: none },
      current: { id: '', parentId: '' },
      is: false,
    },
  ])('should tell whether $story is a promotion', ({ known, current, is }) => {
    expect(isPromotion(known, current)).toBe(is);
  });

  test('should give every gateway the same epoch after a failover, and another after the next', () => {
    const next = renewedEpoch('e1', { id: b, parentId: a });
    expect(renewedEpoch('e1', { id: b, parentId: a })).toBe(next);
    expect(renewedEpoch('e1', { id: c, parentId: a })).not.toBe(next);
    expect(next).toMatch(/^[\w-]{16}$/);
  });
});
