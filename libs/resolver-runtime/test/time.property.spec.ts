import type { ValueMap } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext, evaluate } from './fixtures.js';

function call(expression: string, args: Readonly<Record<string, unknown>>): unknown {
  return evaluate(`#return($util.time.${expression})`, createContext({ args: toValue(args) as ValueMap }));
}

const zones = fc.constantFrom('UTC', '+05:45', '-11:00', 'Europe/Zurich', 'America/St_Johns', 'Australia/Lord_Howe');
const patterns = fc.constantFrom(
  'uuuu-MM-dd HH:mm:ss.SSSXXX',
  'EEEE d MMMM uuuu h:mm:ss.SSS a Z',
  'YYYY ww e A xxx',
  'uuuuDDDHHmmssSSSXX',
);

describe('util.time with patterns', () => {
  it('should read back what it writes', () => {
    // From 1950 on: offsets had seconds before, which some patterns leave out.
    const moments = fc.integer({ min: -630_000_000_000, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(moments, patterns, zones, (millis, pattern, zone) => {
        const text = call('epochMilliSecondsToFormatted($ctx.args.millis, $ctx.args.pattern, $ctx.args.zone)', {
          millis,
          pattern,
          zone,
        });
        expect(call('parseFormattedToEpochMilliSeconds($ctx.args.text, $ctx.args.pattern)', { text, pattern })).toBe(
          millis,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('should only ever throw a FieldError', () => {
    const letters = fc.string({ unit: fc.constantFrom(..."GuyYMQwWDdFEecaHkKhmsSAnNVzOXxZp[]' -:T0"), maxLength: 12 });
    const texts = fc.string({ unit: fc.constantFrom(...'0123456789 +-:TZAPMJanFebMon'), maxLength: 12 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        for (const expression of [
          'nowFormatted($ctx.args.pattern)',
          'parseFormattedToEpochMilliSeconds($ctx.args.text, $ctx.args.pattern)',
        ]) {
          try {
            call(expression, { pattern, text });
          } catch (error) {
            expect(error).toMatchObject({ name: 'FieldError', errorType: 'MappingTemplate' });
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
