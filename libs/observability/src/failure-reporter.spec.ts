import { beforeEach, describe, expect, it } from 'vitest';
import { createFailureReporter } from './failure-reporter.js';

let now: number;
let records: unknown[];
let report: (error: unknown, text: string) => void;

beforeEach(() => {
  now = 0;
  records = [];
  const logger = { warn: (details: unknown, text: string) => records.push([text, details]) };
  report = createFailureReporter(logger as never, { everyMs: 10_000, now: () => now });
});

const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });

describe('the failure reporter', () => {
  it('should log the first failure of a kind, then one in ten seconds, with how many were left out', () => {
    for (now = 0; now <= 20_000; now += 1000) report(refused, 'Redis is away');
    expect(records).toEqual([
      ['Redis is away', { error: 'ECONNREFUSED', omitted: undefined }],
      ['Redis is away', { error: 'ECONNREFUSED', omitted: 9 }],
      ['Redis is away', { error: 'ECONNREFUSED', omitted: 9 }],
    ]);
  });

  it('should not hide a failure behind one of another kind', () => {
    report(refused, 'Redis is away');
    report(new Error('WRONGPASS'), 'Redis is away');
    report(refused, 'Events wait');
    expect(records).toHaveLength(3);
  });

  it('should log the message without a stack, of whatever was thrown', () => {
    report(new TypeError('no such thing'), 'It failed');
    report('gone', 'It failed');
    expect(records).toEqual([
      ['It failed', { error: 'no such thing', omitted: undefined }],
      ['It failed', { error: 'gone', omitted: undefined }],
    ]);
  });
});
