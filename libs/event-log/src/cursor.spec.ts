import { describe, expect, test } from 'vitest';

import { CursorInvalidError, decodeCursor, encodeCursor } from './cursor.js';

const cursorOf = (text: string) => Buffer.from(text, 'latin1').toString('base64url');

describe('a cursor', () => {
  test('should lead back to its position', () => {
    const position = { epoch: 'Zm9v_-12', partition: '3', id: '1795330428126-7' };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  test('should be safe in a URL and a header', () => {
    expect(encodeCursor({ epoch: 'e', partition: '0', id: '0-0' })).toMatch(/^[\w-]+$/);
  });

  test('should name the version when it is of another release', () => {
    expect(() => decodeCursor(cursorOf('2.e1.0.1-0'))).toThrow('of version "2"');
  });

  test.each([
    ['empty', ''],
    ['too long', 'A'.repeat(513)],
    ['not base64url', '!!!!'],
    ['padded', `${cursorOf('1.e1.0.1-00')}==`],
    ['not a cursor inside', cursorOf('hello')],
    ['without an id', cursorOf('1.e1.0.')],
    ['with a word for an id', cursorOf('1.e1.0.latest-0')],
    ['with a leading zero', cursorOf('1.e1.0.01-0')],
    ['with an id that no log can be asked for', cursorOf('1.e1.0.18446744073709551616-0')],
    ['with a range sign', cursorOf('1.e1.0.(1-0')],
    ['with a fifth field', cursorOf('1.e1.0.1-0.x')],
    ['with a line break', cursorOf('1.e1.0.1-0\n')],
    ['with an epoch of other letters', cursorOf('1.{e1}.0.1-0')],
  ])('should be refused when it is %s', (_, text) => {
    expect(() => decodeCursor(text)).toThrow(CursorInvalidError);
  });
});
