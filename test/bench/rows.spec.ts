import { describe, expect, test } from 'vitest';
import { row } from '../../bench/measure/row.js';
import { median, percentile } from '../../bench/measure/statistics.js';
import { readArguments } from '../../bench/run/arguments.js';
import { formatTable } from '../../bench/run/table.js';

const measured = { name: 'broadcast: starling', figure: 9, unit: 'µs CPU per delivery' };

describe('a row', () => {
  test.each([
    { name: 'no target', more: {}, expected: { ratio: null, target: null, met: null } },
    { name: 'a bound that holds', more: { target: { atMost: 9 } }, expected: { target: '≤ 9', met: true } },
    { name: 'a bound that does not', more: { target: { atMost: 8.9 } }, expected: { target: '≤ 8.9', met: false } },
    { name: 'a lower bound', more: { target: { atLeast: 10 } }, expected: { target: '≥ 10', met: false } },
    {
      name: 'a ratio that holds',
      more: { peerFigure: 8, target: { atMost: 1.15, timesPeer: 'raw ws' } },
      expected: { ratio: 1.125, target: '≤ 1.15 × raw ws', met: true },
    },
    {
      name: 'a ratio that does not',
      more: { peerFigure: 6, target: { atMost: 1.15, timesPeer: 'raw ws' } },
      expected: { ratio: 1.5, met: false },
    },
    {
      name: 'a ratio for show',
      more: { peerFigure: 18, target: { atMost: 10 } },
      expected: { ratio: 0.5, target: '≤ 10', met: true },
    },
  ])('should say what it is worth with $name', ({ more, expected }) => {
    expect(row({ ...measured, ...more })).toEqual({ ...measured, ...row({ ...measured, ...more }), ...expected });
  });

  test('should miss its target when there is no figure', () => {
    expect(row({ ...measured, figure: NaN, target: { atMost: 0 } }).met).toBe(false);
  });

  test('should stand in the table with as many digits as a measurement has', () => {
    const lines = formatTable([
      row({ ...measured, figure: 0.5712, peerFigure: 8, target: { atMost: 0.12, timesPeer: 'raw ws' } }),
      row({ ...measured, figure: 1_234_567.8 }),
      row({ ...measured, figure: 0 }),
    ]).split('\n');
    expect(lines.slice(1).map((line) => line.split(/ {2,}/))).toEqual([
      ['broadcast: starling', '0.571', measured.unit, '0.07', '≤ 0.12 × raw ws', 'met'],
      ['broadcast: starling', '1,234,568', measured.unit],
      ['broadcast: starling', '0', measured.unit],
    ]);
  });
});

describe('statistics', () => {
  test('should be of the values in their order, whatever order they came in', () => {
    expect([median([10, 9, 100]), percentile([3, 1, 2], 1), median([])]).toEqual([10, 3, NaN]);
  });
});

describe('the arguments of npm run bench', () => {
  test('should be words and options', () => {
    const expected = { words: ['storm'], isQuick: true, isJson: true, isStrict: false, profileFolder: '/tmp/p' };
    expect(readArguments(['storm', '--quick', '--json', '--cpu-prof', '/tmp/p'])).toEqual(expected);
  });

  test('should be refused when they are unknown', () => {
    expect(() => readArguments(['--fast'])).toThrow("Unknown option '--fast'");
  });
});
