import { describe, expect, it } from 'vitest';

import { DocumentReader } from './document-reader.js';

const document = new DocumentReader({
  operation: 'Query',
  limit: 10,
  index: null,
  query: { expression: 7, tags: ['a', 1] },
});

describe('a missing element', () => {
  it("should be told in AppSync's words", () => {
    expect(() => document.string('key')).toThrow("Value for field '$[key]' not found.");
    expect(() => document.child('query').child('update')).toThrow("Value for field '$[query][update]' not found.");
  });

  it('should be what null is for an optional element', () => {
    expect(document.optionalString('index')).toBeUndefined();
  });

  it('should not be found on the prototype', () => {
    expect(document.optional('constructor')).toBeUndefined();
  });
});

describe('an element of the wrong kind', () => {
  it.each<[string, () => unknown, string]>([
    ['a string', () => document.string('limit'), "Expected a string for field '$[limit]', but got the number 10."],
    ['a nested string', () => document.child('query').string('expression'), "'$[query][expression]'"],
    [
      'an object',
      () => document.child('operation'),
      `Expected an object for field '$[operation]', but got the string "Query".`,
    ],
    ['a boolean', () => document.optionalBoolean('query'), 'but got an object with expression, tags.'],
    ['a whole number', () => document.optionalInteger('operation', 1), 'Expected a whole number from 1'],
    ['a large enough number', () => document.optionalInteger('limit', 11), 'Expected a whole number from 11'],
    ['a choice', () => document.optionalChoice('operation', ['Scan']), 'Expected one of Scan'],
    ['a list of strings', () => document.child('query').optionalStrings('tags'), 'but got a list.'],
  ])('should be told when it should be %s', (_, read, text) => {
    expect(read).toThrow(text);
    expect(read).toThrow(expect.objectContaining({ errorType: 'MappingTemplate' }));
  });

  it('should not be repeated at length', () => {
    const reader = new DocumentReader({ limit: 'x'.repeat(5000) });
    expect(() => reader.optionalInteger('limit', 1)).toThrow(/^.{1,120}$/);
  });
});

describe('an element that nobody reads', () => {
  it("should be refused in AppSync's words", () => {
    expect(() => document.allowOnly(['operation', 'limit', 'index'])).toThrow("Unsupported element '$[query]'.");
  });
});
