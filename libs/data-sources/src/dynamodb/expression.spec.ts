import type { JsonObject } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { DocumentReader } from '../document/document-reader.js';
import { combinePlaceholders, readExpression, readProjection } from './expression.js';

const read = (object: JsonObject, path = '$[filter]') => readExpression(new DocumentReader(object, path));

describe('an expression', () => {
  it('should be read with its placeholders typed', () => {
    const expression = read({
      expression: '#rank > :rank',
      expressionNames: { '#rank': 'rank' },
      expressionValues: { ':rank': { N: 3 } },
    });
    expect(expression).toMatchObject({
      expression: '#rank > :rank',
      names: { '#rank': 'rank' },
      values: { ':rank': { N: '3' } },
    });
  });

  it.each<[JsonObject, string]>([
    [{}, "Value for field '$[filter][expression]' not found."],
    [{ expression: 'a', names: {} }, "Unsupported element '$[filter][names]'."],
    [
      { expression: 'a', expressionNames: { '#a': 1 } },
      "Expected an attribute name for field '$[filter][expressionNames][#a]'",
    ],
    [{ expression: 'a', expressionValues: { ':a': 'x' } }, "for field '$[filter][expressionValues][:a]'"],
  ])('should be refused for %j', (object, text) => {
    expect(() => read(object)).toThrow(text);
  });

  it('should have no values in a projection', () => {
    const reader = new DocumentReader({ expression: 'a', expressionValues: {} }, '$[projection]');
    expect(() => readProjection(reader)).toThrow("Unsupported element '$[projection][expressionValues]'.");
  });
});

describe('placeholders of several expressions', () => {
  it('should be one set', () => {
    const query = read({ expression: 'a', expressionNames: { '#a': 'a' }, expressionValues: { ':a': { N: 1 } } });
    const filter = read({
      expression: 'b',
      expressionNames: { '#b': 'b', '#a': 'a' },
      expressionValues: { ':a': { N: '1.0' } },
    });
    expect(combinePlaceholders(query, undefined, filter)).toEqual({
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':a': { N: '1.0' } },
    });
  });

  it('should be absent when there are none', () => {
    const empty = read({ expression: 'attribute_exists(id)', expressionNames: {}, expressionValues: {} });
    expect(combinePlaceholders(empty, undefined)).toEqual({});
  });

  it('should be refused when one stands for two things', () => {
    const update = read({ expression: 'a', expressionValues: { ':v': { N: 1 } } }, '$[update]');
    const condition = read({ expression: 'b', expressionValues: { ':v': { N: 2 } } }, '$[condition]');
    expect(() => combinePlaceholders(update, condition)).toThrow(
      "Placeholder ':v' of '$[condition]' stands for something else in another expression of this document",
    );
  });
});
