import { describe, expect, it } from 'vitest';
import { createDictionary } from './dictionary.js';

describe('a dictionary', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])('should have no member %s', (name) => {
    const dictionary = createDictionary<unknown>();
    expect(name in dictionary).toBe(false);
    expect(dictionary[name]).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'a'])('should keep what is put under %s, as any other', (name) => {
    const dictionary = createDictionary<unknown>();
    dictionary[name] = { b: 1 };
    expect(Object.keys(dictionary)).toEqual([name]);
    expect(dictionary['b']).toBeUndefined();
    expect(JSON.stringify(dictionary)).toBe(`{"${name}":{"b":1}}`);
  });

  it('should inherit from nothing that could be changed', () => {
    const prototype = Object.getPrototypeOf(createDictionary()) as object;
    expect(Object.isFrozen(prototype)).toBe(true);
    expect(Reflect.ownKeys(prototype)).toEqual([]);
    expect(Object.getPrototypeOf(prototype)).toBeNull();
  });
});
