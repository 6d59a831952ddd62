import { describe, expect, test } from 'vitest';

import { judge } from './history.js';
import type { Discontinuity, Inspection } from './history.js';

const position = { epoch: 'e1', partition: '0', id: '50-0' };
const end: Inspection = { epoch: 'e1', lastId: '50-0', hasEntry: true, nextId: '', nextLink: '', oldestId: '10-0' };
const inside: Inspection = { ...end, lastId: '90-0', nextId: '60-0', nextLink: '50-0' };

interface Case {
  readonly story: string;
  readonly found: Inspection;
  readonly isPromoted?: boolean;
  readonly verdict: Discontinuity | undefined;
}

const cases: readonly Case[] = [
  { story: 'the end of the log', found: end, verdict: undefined },
  {
    story: 'the end of a log whose last entry was trimmed',
    found: { ...end, hasEntry: false, oldestId: '' },
    verdict: undefined,
  },
  { story: 'an entry inside the log', found: inside, verdict: undefined },
  {
    story: 'a trimmed entry whose successor is there',
    found: { ...inside, hasEntry: false, oldestId: '60-0' },
    verdict: undefined,
  },
  {
    story: 'a position that was trimmed with what followed',
    found: { ...inside, hasEntry: false, nextLink: '55-0', oldestId: '60-0' },
    verdict: { reason: 'trimmed', resumeAt: 'next' },
  },
  {
    story: 'a log that was emptied',
    found: { ...end, lastId: '90-0', hasEntry: false, oldestId: '' },
    verdict: { reason: 'trimmed', resumeAt: 'next' },
  },
  {
    story: 'an entry after which others were deleted',
    found: { ...inside, nextLink: '55-0' },
    verdict: { reason: 'trimmed', resumeAt: 'next' },
  },
  {
    story: 'a log that ends before the position',
    found: { ...end, lastId: '49-7', hasEntry: false },
    verdict: { reason: 'rewound', resumeAt: 'undelivered' },
  },
  {
    story: 'a log that has what is older and what is newer, but not the position',
    found: { ...inside, hasEntry: false, nextLink: '40-0' },
    verdict: { reason: 'rewound', resumeAt: 'undelivered' },
  },
  {
    story: 'a log with another epoch',
    found: { ...end, epoch: 'e2', hasEntry: false, lastId: '70-0', oldestId: '60-0' },
    verdict: { reason: 'reset', resumeAt: 'start' },
  },
  {
    story: 'another server with the same entries',
    found: inside,
    isPromoted: true,
    verdict: { reason: 'failover', resumeAt: 'here' },
  },
  {
    story: 'an epoch that another gateway renewed',
    found: { ...inside, epoch: 'e2' },
    verdict: { reason: 'failover', resumeAt: 'here' },
  },
  {
    story: 'another server that lost the position',
    found: { ...end, epoch: 'e2', hasEntry: false, lastId: '40-0' },
    isPromoted: true,
    verdict: { reason: 'rewound', resumeAt: 'undelivered' },
  },
];

describe('a position in its log', () => {
  test.each(cases)('should be judged rightly for $story', ({ found, isPromoted = false, verdict }) => {
    expect(judge(position, found, isPromoted)).toEqual(verdict);
  });

  test('should be good before the first entry of a log, until that is trimmed', () => {
    const origin = { ...position, id: '0-0' };
    const first = { ...inside, hasEntry: false, nextId: '10-0', oldestId: '10-0' };
    expect(judge(origin, { ...first, nextLink: '0-0' }, false)).toBeUndefined();
    expect(judge(origin, { ...first, nextLink: '9-0' }, false)).toEqual({ reason: 'trimmed', resumeAt: 'next' });
  });
});
