import fc from 'fast-check';
import { describe, it } from 'vitest';

import { createNextTokens } from '../src/dynamodb/next-token.js';

const tokens = createNextTokens('a secret of enough bytes');
const binding = { tableName: 'Tasks', resolver: 'Query.allTasks' };
const keys = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
  fc.oneof(fc.record({ S: fc.string() }), fc.record({ N: fc.integer().map(String) })),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

describe('any nextToken', () => {
  it('should open to its key', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const opened = tokens.open(tokens.seal(key, binding), binding);
        return JSON.stringify(opened) === JSON.stringify(key);
      }),
    );
  });

  it('should be refused when a bit of it is changed', () => {
    fc.assert(
      fc.property(keys, fc.nat(), fc.integer({ min: 0, max: 7 }), (key, position, bit) => {
        const bytes = Buffer.from(tokens.seal(key, binding), 'base64url');
        bytes[position % bytes.length]! ^= 1 << bit;
        try {
          tokens.open(bytes.toString('base64url'), binding);
          return false;
        } catch (error) {
          return error instanceof Error && error.message === 'Invalid pagination token given.';
        }
      }),
    );
  });
});
