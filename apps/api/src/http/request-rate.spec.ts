import { beforeEach, describe, expect, it } from 'vitest';
import { RequestRate } from './request-rate.js';

let now: number;
let rate: RequestRate;
beforeEach(() => {
  now = 0;
  rate = new RequestRate(2, () => now, 3);
});

const take = (address: string, times: number) => Array.from({ length: times }, () => rate.take(address));

describe('the request rate of an address', () => {
  it('should let the requests of a second come at once, and no more', () => {
    expect(take('a', 4)).toEqual([true, true, false, false]);
  });

  it('should let the next one in when its time has come, refused ones not counted', () => {
    take('a', 5);
    now = 499;
    expect(rate.take('a')).toBe(false);
    now = 501;
    expect(take('a', 2)).toEqual([true, false]);
  });

  it('should not save up more than a second', () => {
    take('a', 1);
    now = 60_000;
    expect(take('a', 3)).toEqual([true, true, false]);
  });

  it('should be that of no other address', () => {
    take('a', 3);
    expect(take('b', 2)).toEqual([true, true]);
  });

  it('should forget the address that has asked least recently when there are too many', () => {
    take('a', 3);
    for (const address of ['b', 'c', 'a', 'd']) rate.take(address);
    expect(rate.size).toBe(3);
    expect(rate.take('a')).toBe(false);
    expect(take('b', 2)).toEqual([true, true]);
  });
});
