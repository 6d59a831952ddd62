import { describe, expect, it } from 'vitest';
import { parseExpiry } from './parse-expiry.js';

describe('the expiry of an API key', () => {
  it.each([
    [1_800_000_000, 1_800_000_000_000],
    ['1800000000', 1_800_000_000_000],
    [0, 0],
    ['2027-01-31', Date.UTC(2027, 0, 31)],
    ['2027-01-31T12:30Z', Date.UTC(2027, 0, 31, 12, 30)],
    ['2027-01-31T12:30:15.5+02:00', Date.UTC(2027, 0, 31, 10, 30, 15, 500)],
  ])('should read %j as %d ms', (written, ms) => {
    expect(parseExpiry(written)).toBe(ms);
  });

  it.each([
    '',
    'never',
    '2027-02-30',
    '2027-13-01',
    '2027-01-31T12:30',
    '31.01.2027',
    '2027-01-31T25:00Z',
    -1,
    1.5e300,
    '9'.repeat(13),
  ])('should not read %j', (written) => {
    expect(parseExpiry(written)).toBeUndefined();
  });
});
