import fc from 'fast-check';
import { expect, test } from 'vitest';

import { CursorInvalidError, decodeCursor, encodeCursor } from '#libs/event-log';

const part = fc.integer({ min: 0, max: 999_999_999_999_999 });
const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const position = fc.record({
  epoch: name,
  partition: name,
  id: fc.tuple(part, part).map(([time, counter]) => `${time}-${counter}`),
});

test('should decode what was encoded, and no two positions to one cursor', () => {
  fc.assert(
    fc.property(position, (given) => {
      expect(decodeCursor(encodeCursor(given))).toEqual(given);
    }),
  );
});

test('should refuse any other text with its own error, or give a position that encodes to that text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        position.map(encodeCursor).map((text) => text.slice(1)),
      ),
      (text) => {
        try {
          expect(encodeCursor(decodeCursor(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CursorInvalidError);
        }
      },
    ),
  );
});
