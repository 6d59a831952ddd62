import { describe, expect, it } from 'vitest';

import { normalizeDecimal } from './decimal.js';

describe('spellings of one number', () => {
  it.each([
    ['1.5', '15e-1'],
    ['1.50', '15e-1'],
    ['+1.5', '15e-1'],
    ['015E-1', '15e-1'],
    ['150e-2', '15e-1'],
    ['.5', '5e-1'],
    ['-.5', '-5e-1'],
    ['5.', '5e0'],
    ['100', '1e2'],
    ['0', '0'],
    ['-0.00', '0'],
    ['0e10', '0'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678e0'],
  ])('should become one text: %s', (text, normal) => {
    expect(normalizeDecimal(text)).toBe(normal);
  });

  it.each(['', '.', '-', 'abc', '1e', '0x10', '1,5'])('should leave %j as it is', (text) => {
    expect(normalizeDecimal(text)).toBe(text);
  });
});
