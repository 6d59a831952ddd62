import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextWindows } from './text-windows.js';

const unit = fc.constantFrom('a', 'b', '\u{1F426}', '\uD83D');
const part = fc.string({ unit, maxLength: 24 });

describe('TextWindows', () => {
  it('should find the parts of a text that searching for each finds, through adding and removing', () => {
    const parts = fc.uniqueArray(part, { maxLength: 60 });
    const text = fc.string({ unit, maxLength: 80 });
    fc.assert(
      fc.property(parts, fc.array(fc.nat(), { maxLength: 40 }), text, (all, removed, searched) => {
        const found: number[] = [];
        const windows = new TextWindows((rule) => found.push(rule));
        for (const [rule, item] of all.entries()) windows.set(item, rule);
        const left = new Map(all.entries());
        for (const rule of removed.filter((item) => item < all.length)) {
          if (left.delete(rule)) windows.delete(all[rule]!);
        }
        windows.find(searched);
        const expected = [...left].filter(([, item]) => searched.includes(item)).map(([rule]) => rule);
        expect(found.sort((a, b) => a - b)).toStrictEqual(expected);
      }),
    );
  });

  it('should find a part once, wherever and how often it stands', () => {
    const found: number[] = [];
    const windows = new TextWindows((rule) => found.push(rule));
    windows.set('', 1);
    windows.set('ab', 2);
    windows.set('ab is longer than a stem', 3);
    windows.find('xab ab ab is longer than a stem');
    expect(found).toStrictEqual([1, 2, 3]);
  });

  it('should keep finding when there are more parts than counters to begin with', () => {
    const found: number[] = [];
    const windows = new TextWindows((rule) => found.push(rule));
    for (let rule = 0; rule < 2_000; rule += 1) windows.set(`task ${rule};`, rule);
    for (let rule = 0; rule < 2_000; rule += 2) windows.delete(`task ${rule};`);
    windows.find('of task 7;, task 8; and task 1999;');
    expect(found.sort((a, b) => a - b)).toStrictEqual([7, 1_999]);
  });
});
