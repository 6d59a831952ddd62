import type { JsonValue } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { readTypedValue } from './typed-value.js';
import { untypeValue } from './untyped-value.js';

const bytes = new Uint8Array(Buffer.from('Hello'));

describe('a typed value', () => {
  it.each<[JsonValue, object, JsonValue]>([
    [{ S: 'open' }, { S: 'open' }, 'open'],
    [{ S: '' }, { S: '' }, ''],
    [{ N: 12 }, { N: '12' }, 12],
    [{ N: '12' }, { N: '12' }, 12],
    [{ N: -1.5e300 }, { N: '-1.5e+300' }, -1.5e300],
    [{ B: 'SGVsbG8=' }, { B: bytes }, 'SGVsbG8='],
    [{ B: 'SGVs\r\nbG8=' }, { B: bytes }, 'SGVsbG8='],
    [{ BOOL: false }, { BOOL: false }, false],
    [{ NULL: null }, { NULL: true }, null],
    [{ NULL: true }, { NULL: true }, null],
    [{ SS: ['a', 'b'] }, { SS: ['a', 'b'] }, ['a', 'b']],
    [{ NS: [1, '2.5'] }, { NS: ['1', '2.5'] }, [1, 2.5]],
    [{ BS: ['SGVsbG8='] }, { BS: [bytes] }, ['SGVsbG8=']],
    [{ L: [{ S: 'a' }, { N: 1 }, { L: [] }] }, { L: [{ S: 'a' }, { N: '1' }, { L: [] }] }, ['a', 1, []]],
    [{ M: { title: { S: 'a' }, M: { M: {} } } }, { M: { title: { S: 'a' }, M: { M: {} } } }, { title: 'a', M: {} }],
  ])('should be read, and read back, for %j', (document, typed, untyped) => {
    const value = readTypedValue(document, '$[key][id]');
    const { B, BS, ...others } = value;
    const plain = {
      ...others,
      ...(B && { B: new Uint8Array(B) }),
      ...(BS && { BS: BS.map((b) => new Uint8Array(b)) }),
    };
    expect(plain).toEqual(typed);
    expect(untypeValue(value)).toEqual(untyped);
  });

  it('should keep digits that a JSON number has no room for, up to the reading', () => {
    const value = readTypedValue({ N: '9007199254740993' }, '$');
    expect(value).toEqual({ N: '9007199254740993' });
    expect(untypeValue(value)).toBe(9007199254740992);
  });
});

describe('a faulty typed value', () => {
  const kinds = 'Expected an object with exactly one of S, N, B, BOOL, NULL, SS, NS, BS, L, M';
  it.each<[JsonValue, string]>([
    ['open', `${kinds} for field '$[key][id]', but got the string "open".`],
    [null, `${kinds} for field '$[key][id]', but got null.`],
    [{}, `${kinds} for field '$[key][id]', but got an empty object.`],
    [{ S: 'a', N: 1 }, `${kinds} for field '$[key][id]', but got an object with S, N.`],
    [{ s: 'a' }, `${kinds} for field '$[key][id]', but got an object with s.`],
    [{ S: 1 }, "Expected a string for field '$[key][id][S]', but got the number 1."],
    [{ N: true }, "Expected a number for field '$[key][id][N]', but got the boolean true."],
    [{ B: 5 }, "Expected a base64 string for field '$[key][id][B]', but got the number 5."],
    [{ BOOL: 'true' }, 'Expected true or false for field \'$[key][id][BOOL]\', but got the string "true".'],
    [{ NULL: false }, "Expected null or true for field '$[key][id][NULL]', but got the boolean false."],
    [{ SS: 'a' }, 'Expected a list for field \'$[key][id][SS]\', but got the string "a".'],
    [{ SS: ['a', null] }, "Expected a string for field '$[key][id][SS][1]', but got null."],
    [{ M: [] }, "Expected an object for field '$[key][id][M]', but got a list."],
    [{ L: [{ M: { a: 1 } }] }, `${kinds} for field '$[key][id][L][0][M][a]', but got the number 1.`],
  ])('should be refused with its path for %j', (document, message) => {
    expect(() => readTypedValue(document, '$[key][id]')).toThrow(
      expect.objectContaining({ errorType: 'MappingTemplate', message }),
    );
  });

  it('should be refused before its depth exhausts the stack', () => {
    const text = `${'{"L":['.repeat(100_000)}${']}'.repeat(100_000)}`;
    expect(() => readTypedValue(JSON.parse(text) as JsonValue, '$')).toThrow('at most 32 levels of lists and maps');
  });

  it('should be refused when an attribute has the name that the client would lose', () => {
    const document = JSON.parse('{"M":{"__proto__":{"S":"a"}}}') as JsonValue;
    expect(() => readTypedValue(document, '$')).toThrow("Unsupported element '$[M][__proto__]'.");
  });
});
