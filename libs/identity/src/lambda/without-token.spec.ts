import { describe, expect, it } from 'vitest';
import { withoutToken } from './without-token.js';

describe('an error from outside', () => {
  it('should be told with what caused it', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    const told = withoutToken(new RangeError('No answer.', { cause: refused }), 'secret');
    expect(told).toMatchObject({ name: 'RangeError', message: 'No answer. ← ECONNREFUSED' });
    expect(told.cause).toBeUndefined();
  });

  it.each([
    ['secret-of-jdoe', 'Refused: secret-of-jdoe, secret-of-jdoe.', 'Refused: ***, ***.'],
    ['Bearer secret-of-jdoe', 'Refused: secret-of-jdoe.', 'Refused: ***.'],
    ['se"cret', 'Refused: {"authorization":"se\\"cret"}.', 'Refused: {"authorization":"***"}.'],
    ['$&', 'Refused: $&.', 'Refused: ***.'],
  ])('should not have the token %s', (token, message, text) => {
    const told = withoutToken(new Error(message, { cause: new Error(message) }), token);
    expect(told.message).toBe(`${text} ← ${text}`);
    expect(told.stack).not.toContain('cret');
  });

  it('should end where causes go in circles', () => {
    const error = new Error('again');
    error.cause = error;
    expect(withoutToken(error, 'secret').message).toBe('again ← again ← again ← again ← again');
  });
});
