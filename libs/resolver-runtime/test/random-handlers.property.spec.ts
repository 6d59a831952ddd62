import { FieldError } from '#libs/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodeSyntaxError } from '#libs/resolver-runtime';
import { bodies, pieces } from './code-arbitraries.js';
import { createContext, createRun } from './fixtures.js';
import { runBody, runCode, runNatively } from './js-fixtures.js';

const limits = { maxSteps: 20_000, maxBytes: 1_000_000 };

/** Runs the file; anything thrown but the two expected errors fails the property. */
function survive(text: string): void {
  try {
    runCode(text, createContext(), createRun({ phase: 'request', limits }));
  } catch (error) {
    expect(error instanceof FieldError || error instanceof CodeSyntaxError, String(error)).toBe(true);
  }
}

describe('any text as a file of handlers', () => {
  it('should give a value or one of the two expected errors', { timeout: 30_000 }, () => {
    const texts = fc.oneof(
      { weight: 2, arbitrary: fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')) },
      {
        weight: 6,
        arbitrary: fc
          .array(pieces, { maxLength: 12 })
          .map((parts) => `export function request(ctx) { let x = ctx.args, y, k; ${parts.join(' ')} }`),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    );
    fc.assert(fc.property(texts, survive), { numRuns: 3000 });
  });

  it('should give one of them also when a good file is damaged', { timeout: 30_000 }, () => {
    const damaged = fc.tuple(bodies, fc.nat(), fc.nat({ max: 5 }), pieces).map(([body, at, length, piece]) => {
      const text = `export function request(ctx) {\n${body}\n}`;
      const start = at % text.length;
      return text.slice(0, start) + piece + text.slice(start + length);
    });
    fc.assert(fc.property(damaged, survive), { numRuns: 2000 });
  });
});

describe('code that AppSync and JavaScript agree on', () => {
  it('should do what it does in the host, or fail where the host fails', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(bodies, (body) => {
        let expected: unknown;
        try {
          expected = runNatively(body);
        } catch {
          expect(() => runBody(body)).toThrow(FieldError);
          return;
        }
        expect(runBody(body)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
