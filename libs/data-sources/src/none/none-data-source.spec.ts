import { describe, expect, it } from 'vitest';

import { describeDataSource } from '../../test/data-source.contract.js';
import { createNoneDataSource } from './none-data-source.js';

describeDataSource('NONE', async () => ({
  source: createNoneDataSource(),
  document: { payload: { boardId: 'b1', tags: ['urgent', null, 3] } },
  result: { boardId: 'b1', tags: ['urgent', null, 3] },
  async stop() {},
}));

describe('payload', () => {
  it.each([
    ['a string', { payload: 'b1' }, 'b1'],
    ['false', { payload: false }, false],
    ['zero', { payload: 0 }, 0],
    ['null', { payload: null }, null],
    ['absent', { version: '2018-05-29' }, null],
  ])('should be the result when it is %s', async (_, document, result) => {
    expect(await createNoneDataSource().execute(document, { resolver: 'Subscription.onTask' })).toBe(result);
  });
});
