import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import { readPath, splitFieldName } from './field-path.js';

const read = (payload: JsonValue, fieldName: string) => readPath(payload, splitFieldName(fieldName));

describe('reading a field', () => {
  it('should follow the dots', () => {
    expect(read({ venue: { address: { city: 'Porto' } } }, 'venue.address.city')).toBe('Porto');
  });

  it('should tell null from missing', () => {
    expect(read({ owner: null }, 'owner')).toBeNull();
    expect(read({}, 'owner')).toBeUndefined();
  });

  it.each<JsonValue>([null, 'text', 7, true, [{ city: 'Porto' }], []])('should find nothing in %j', (venue) => {
    expect(read({ venue }, 'venue.city')).toBeUndefined();
    expect(read(venue, 'city')).toBeUndefined();
  });

  it.each(['length', '0', 'venue.length', 'venue.0'])('should not read %s of a list or a string', (fieldName) => {
    expect(read(['a'], fieldName)).toBeUndefined();
    expect(read({ venue: ['a'] }, fieldName)).toBeUndefined();
    expect(read({ venue: 'a' }, fieldName)).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'constructor.name', 'toString', '__proto__.polluted', 'hasOwnProperty'])(
    'should find nothing at %s, which every object inherits',
    (fieldName) => {
      expect(read({ id: 't1' }, fieldName)).toBeUndefined();
    },
  );

  it('should read an own key that has an inherited name', () => {
    expect(read(JSON.parse('{"__proto__":{"polluted":1}}') as JsonValue, '__proto__.polluted')).toBe(1);
    expect(read({ constructor: 'Gaudi' }, 'constructor')).toBe('Gaudi');
  });

  it('should read a map without a prototype', () => {
    const payload = Object.assign(Object.create(null) as object, { boardId: 'board1' }) as JsonValue;
    expect(read(payload, 'boardId')).toBe('board1');
  });
});
