import { describe, expect, it } from 'vitest';

import { createNextTokens } from './next-token.js';

const secret = 'a secret of enough bytes';
const binding = { tableName: 'Tasks', resolver: 'Query.allTasks' };
const lastKey = { boardId: { S: 'b1' }, rank: { N: '12345678901234567890' } };
const refusal: unknown = expect.objectContaining({
  errorType: 'DynamoDB:UserIllegalArgumentException',
  message: 'Invalid pagination token given.',
});

describe('a nextToken', () => {
  it('should open to the key it was sealed with, in any process with the secret', () => {
    const token = createNextTokens(secret).seal(lastKey, binding);
    expect(createNextTokens(secret).open(token, binding)).toEqual(lastKey);
  });

  it('should keep a binary key', () => {
    const tokens = createNextTokens(secret);
    const opened = tokens.open(tokens.seal({ id: { B: new Uint8Array([0, 255, 7]) } }, binding), binding);
    expect([...(opened['id']?.B ?? [])]).toEqual([0, 255, 7]);
  });

  it('should not show the key', () => {
    const token = createNextTokens(secret).seal(lastKey, binding);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('b1');
  });

  it('should be another one each time', () => {
    const tokens = createNextTokens(secret);
    expect(tokens.seal(lastKey, binding)).not.toBe(tokens.seal(lastKey, binding));
  });
});

describe('a foreign nextToken', () => {
  const tokens = createNextTokens(secret);
  const token = tokens.seal(lastKey, binding);

  it.each([
    ['another resolver', { ...binding, resolver: 'Query.tasksOfBoard' }],
    ['another table', { ...binding, tableName: 'Boards' }],
    ['a split of names that reads the same', { tableName: 'Tasks","Query', resolver: 'allTasks' }],
  ])('should be refused when it comes from %s', (_, other) => {
    expect(() => tokens.open(token, other)).toThrow(refusal);
  });

  it('should be refused when it was sealed with another secret', () => {
    expect(() => createNextTokens('another secret of enough bytes').open(token, binding)).toThrow(refusal);
  });

  it.each([
    ['empty', ''],
    ['no base64', '???'],
    ['a plain key', Buffer.from(JSON.stringify(lastKey)).toString('base64url')],
    ['cut', token.slice(0, -4)],
    ['only a header', token.slice(0, 36)],
    ['longer', `${token}AAAA`],
  ])('should be refused when it is %s', (_, forged) => {
    expect(() => tokens.open(forged, binding)).toThrow(refusal);
  });
});

describe('the secret', () => {
  it('should be refused at once when it is short', () => {
    expect(() => createNextTokens('short')).toThrow('nextTokenSecret needs at least 16 bytes, but has 5');
  });
});
