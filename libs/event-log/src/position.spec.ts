import { expect, test } from 'vitest';

import { compareIds } from './position.js';

test.each([
  ['0-0', '0-1', -1],
  ['9-0', '10-0', -1],
  ['10-9', '10-10', -1],
  ['1795330428126-3', '1795330428126-3', 0],
  ['18446744073709551615-1', '18446744073709551614-9', 1],
])('should order %s and %s by their numbers', (a, b, sign) => {
  expect(Math.sign(compareIds(a, b))).toBe(sign);
  expect(Math.sign(compareIds(b, a))).toBe(-sign + 0);
});
