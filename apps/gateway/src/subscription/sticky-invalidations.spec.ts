import { describe, expect, it } from 'vitest';
import { argumentFilter } from '#libs/filter';
import type { RequestError } from '#libs/protocol';
import { StickyInvalidations } from './sticky-invalidations.js';

function setUp(max = 10_000) {
  const clock = { now: 1_000_000 };
  const dropped: number[] = [];
  const refused: unknown[] = [];
  const sticky = new StickyInvalidations({
    max,
    onDropped: () => dropped.push(sticky.count),
    onRefused: (...cause) => refused.push(cause),
    now: () => clock.now,
  });
  const remember = (username: string, seconds: number, subscriptionField = 'onTask') =>
    sticky.remember({
      entry: {
        kind: 'invalidation',
        subscriptionField,
        payload: JSON.stringify({ username }),
        requestId: `r-${username}`,
      },
      endsAtMs: clock.now + seconds * 1000,
    });
  /** The text that a start of this person's subscription is refused with; undefined when it is not. */
  const start = (username: string | null, field = 'onTask') => {
    try {
      sticky.refuse({ field, invalidationFilter: username === null ? null : argumentFilter({ username }) });
      return undefined;
    } catch (error) {
      expect((error as RequestError).code).toBe('SUBSCRIPTION_INVALIDATED');
      return (error as RequestError).message;
    }
  };
  return { clock, dropped, refused, sticky, remember, start };
}

describe('a sticky invalidation', () => {
  it('should refuse whom it would end, on its field, until it is over', () => {
    const { clock, remember, start } = setUp();
    remember('jdoe', 300);
    expect(start('jdoe')).toBe('Subscription invalidated; it is refused for the next 300 s.');
    expect(start('janed')).toBeUndefined();
    expect(start('jdoe', 'onOther')).toBeUndefined();
    clock.now += 299_001;
    expect(start('jdoe')).toBe('Subscription invalidated; it is refused for the next 1 s.');
    clock.now += 998;
    expect(start('jdoe')).toBeDefined();
    clock.now += 1;
    expect(start('jdoe')).toBeUndefined();
  });

  it('should never refuse a subscription that nothing invalidates', () => {
    const { remember, start } = setUp();
    remember('jdoe', 300);
    expect(start(null)).toBeUndefined();
  });

  it('should refuse a subscription that every invalidation of its field ends', () => {
    const { sticky, remember } = setUp();
    remember('jdoe', 300);
    const invalidationFilter = { kind: 'enhanced', filterGroup: [] } as const;
    expect(() => sticky.refuse({ field: 'onTask', invalidationFilter })).toThrow('Subscription invalidated');
    expect(() => sticky.refuse({ field: 'onOther', invalidationFilter })).not.toThrow();
  });

  it('should say whose request refuses', () => {
    const { refused, remember, start } = setUp();
    remember('jdoe', 300);
    start('jdoe');
    start('janed');
    expect(refused).toEqual([['onTask', 'r-jdoe']]);
  });

  it('should be prolonged by another with its payload, and not be shortened', () => {
    const { clock, sticky, remember, start } = setUp();
    remember('jdoe', 60);
    remember('jdoe', 300);
    remember('jdoe', 1);
    expect(sticky.count).toBe(1);
    clock.now += 299_000;
    expect(start('jdoe')).toBeDefined();
  });

  it('should not be kept when it is over before it is known', () => {
    const { sticky, remember } = setUp();
    expect(remember('jdoe', 0)).toBe(false);
    expect(remember('jdoe', -5)).toBe(false);
    expect(sticky.count).toBe(0);
    expect(remember('jdoe', 1)).toBe(true);
  });

  it('should be forgotten when it is over and somebody asks for its field', () => {
    const { clock, sticky, remember, start } = setUp();
    remember('jdoe', 60);
    remember('janed', 600);
    clock.now += 60_000;
    start('somebody');
    expect(sticky.count).toBe(1);
  });

  it('should be thrown away by nobody who names the members of every object', () => {
    const { sticky, start } = setUp();
    expect(start('jdoe', 'constructor')).toBeUndefined();
    expect(start('jdoe', '__proto__')).toBeUndefined();
    expect(() =>
      sticky.remember({
        entry: { kind: 'invalidation', subscriptionField: 'onTask', payload: 'no JSON' },
        endsAtMs: 9_999_999,
      }),
    ).toThrow(SyntaxError);
    expect(sticky.count).toBe(0);
  });
});

describe('more sticky invalidations than are kept', () => {
  it('should drop the one that would be over soonest, and say so', () => {
    const { dropped, remember, start } = setUp(2);
    remember('c', 300);
    remember('a', 100);
    expect(dropped).toEqual([]);
    remember('b', 200);
    expect(dropped).toEqual([2]);
    expect([start('a'), start('b'), start('c')].map(Boolean)).toEqual([false, true, true]);
  });

  it('should drop the new one when that would be over soonest', () => {
    const { dropped, remember, start } = setUp(1);
    remember('janed', 300);
    remember('jdoe', 100, 'onOther');
    expect(dropped).toHaveLength(1);
    expect([start('janed'), start('jdoe', 'onOther')].map(Boolean)).toEqual([true, false]);
  });

  it('should drop none while some are over', () => {
    const { clock, dropped, sticky, remember, start } = setUp(2);
    remember('a', 100);
    remember('b', 200);
    clock.now += 100_000;
    remember('c', 300);
    expect(dropped).toEqual([]);
    expect(sticky.count).toBe(2);
    expect(start('b')).toBeDefined();
  });

  it('should keep none where none may stick', () => {
    const { dropped, sticky, remember } = setUp(0);
    remember('jdoe', 300);
    expect(sticky.count).toBe(0);
    expect(dropped).toHaveLength(1);
  });
});
