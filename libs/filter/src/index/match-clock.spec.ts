import { describe, expect, it } from 'vitest';
import { Column } from './column.js';
import { MatchClock } from './match-clock.js';

describe('MatchClock', () => {
  it('should clear what was stamped before stamps repeat, and nothing else', () => {
    const clock = new MatchClock();
    const stamps = clock.clears(new Column());
    const records = clock.clears(new Column(), 4, 2);
    stamps.values.fill(7);
    records.values.fill(7);
    clock.event = 2 ** 31 - 2;
    clock.next();
    expect([clock.stamp, stamps.values[0]]).toStrictEqual([2 ** 31 - 1, 7]);
    clock.next();
    expect(clock.stamp).toBe(1);
    expect([...stamps.values.slice(0, 4)]).toStrictEqual([0, 0, 0, 0]);
    expect([...records.values.slice(0, 8)]).toStrictEqual([7, 7, 0, 7, 7, 7, 0, 7]);
  });

  it('should never have an event twice', () => {
    const clock = new MatchClock();
    clock.event = 2 ** 31 - 1;
    const before = clock.event;
    clock.next();
    expect(clock.event).toBeGreaterThan(before);
    expect(clock.stamp).toBe(1);
  });
});
