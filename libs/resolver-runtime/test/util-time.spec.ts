import type { ValueMap } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';
import { createContext, createRun, evaluate } from './fixtures.js';
import formats from './time-formats.json' with { type: 'json' };
import texts from './time-texts.json' with { type: 'json' };

function call(expression: string, args: Readonly<Record<string, unknown>>): unknown {
  return evaluate(`#return($util.time.${expression})`, createContext({ args: toValue(args) as ValueMap }), createRun());
}

const format = (args: { millis: number; pattern: string; zone?: string | null }): unknown =>
  call('epochMilliSecondsToFormatted($ctx.args.millis, $ctx.args.pattern, $ctx.args.zone)', args);

const parse = (args: { text: string; pattern: string; zone?: string | null }): unknown =>
  call('parseFormattedToEpochMilliSeconds($ctx.args.text, $ctx.args.pattern, $ctx.args.zone)', args);

describe('util.time.epochMilliSecondsToFormatted', () => {
  it.each(formats)('should write $millis by "$pattern" in $zone', ({ text, ...args }) => {
    expect(format(args)).toBe(text);
  });

  it.each([
    ['b', "there is no letter 'b'"],
    ['MMMMMM', "'M' cannot stand 6 times"],
    ['V', "'V' cannot stand 1 times"],
    ['cc', "'c' cannot stand 2 times"],
    ['HHH', "'H' cannot stand 3 times"],
    ['p', "'p' pads nothing"],
    ["yyyy 'T", 'a quote is not closed'],
    ['yyyy]', "a ']' has no '['"],
    ['{yyyy}', "'{' is reserved"],
    ['y-'.repeat(51), 'it has more than 100 characters'],
  ])('should refuse the pattern %j', (pattern, message) => {
    expect(() => format({ millis: 0, pattern })).toThrow(`cannot be used: ${message}.`);
  });

  it.each(['Nowhere/City', '+19:00', '+08:60', '8', '', 'UTC+', '../etc'])('should refuse the zone %j', (zone) => {
    expect(() => format({ millis: 0, pattern: 'y', zone })).toThrow(`there is no time zone '${zone}'`);
  });

  it.each([8.64e15, -8.64e15, 1e300])('should refuse the time %d', (millis) => {
    expect(() => format({ millis, pattern: 'y' })).toThrow('is no time in milliseconds');
  });

  it('should refuse wrong arguments', () => {
    expect(() => call('nowFormatted(1)', {})).toThrow('util.time.nowFormatted expects a string, not Number.');
    expect(() => call('epochMilliSecondsToFormatted("x", "y")', {})).toThrow('expects a number, not String.');
  });
});

describe('util.time.nowFormatted', () => {
  it('should write the time of the clock', () => {
    expect(call('nowFormatted("yyyy-MM-dd HH:mm:ssZ")', {})).toBe('2018-02-06 19:01:35+0000');
    expect(call('nowFormatted("yyyy-MM-dd HH:mm:ssZ", "Australia/Perth")', {})).toBe('2018-02-07 03:01:35+0800');
  });
});

describe('util.time.parseFormattedToEpochMilliSeconds', () => {
  it.each(texts)('should read "$text" by "$pattern" in $zone', ({ millis, ...args }) => {
    expect(parse(args)).toBe(millis);
  });

  it.each([
    ['2018-02-01 ', 'yyyy-MM-dd'],
    ['2018-2-1', 'yyyy-MM-dd'],
    ['12018-02-01', 'yyyy-MM-dd'],
    ['2018-13-01', 'yyyy-MM-dd'],
    ['2018-02-32', 'yyyy-MM-dd'],
    ['2018-366', 'yyyy-DDD'],
    ['2018-02-01 25', 'yyyy-MM-dd HH'],
    ['2018-02-01 24:01', 'yyyy-MM-dd HH:mm'],
    ['2018-02-01 13 PM', 'yyyy-MM-dd hh a'],
    ['2018-02-01 1', 'yyyy-MM-dd h'],
    ['Fri 2018-02-01', 'EEE yyyy-MM-dd'],
    ['thu 2018-02-01', 'EEE yyyy-MM-dd'],
    ['2018 2019-02-01', 'yyyy yyyy-MM-dd'],
    ['17:21', 'HH:mm'],
    ['2018-02', 'yyyy-MM'],
    ['2018-02-01 +99:00', 'yyyy-MM-dd XXX'],
    ['', 'yyyy'],
    [`2018-02-01${' '.repeat(1000)}`, 'yyyy-MM-dd'],
  ])('should refuse %j by %j', (text, pattern) => {
    expect(() => parse({ text, pattern })).toThrow(
      `util.time: '${text.slice(0, 60)}' is no date and time of the pattern '${pattern}'.`,
    );
  });

  it('should refuse a zone in the text that does not exist', () => {
    expect(() => parse({ text: '2018-02-01 Nowhere', pattern: 'yyyy-MM-dd VV' })).toThrow('no time zone');
  });
});
