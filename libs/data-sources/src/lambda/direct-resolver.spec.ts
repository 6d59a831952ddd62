import { FieldError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { toValue } from '#libs/resolver-runtime';
import type { ResolverContext, ValueMap } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';

import { directLambdaDocument, directLambdaEvent, readDirectLambdaResult } from './direct-resolver.js';

const map = (value: object) => toValue(value) as ValueMap;

function context(changes: Partial<ResolverContext> = {}): ResolverContext {
  return {
    args: map({ id: 't1' }),
    source: map({ boardId: 'b1' }),
    identity: map({ sub: 'jdoe' }),
    request: { headers: map({ 'x-board': 'b1' }), domainName: null },
    stash: map({ seen: true }),
    prev: null,
    info: {
      fieldName: 'getTask',
      parentTypeName: 'Query',
      variables: map({ id: 't1' }),
      selectionSetList: ['id', 'title'],
      selectionSetGraphQL: '{\n  id\n  title\n}',
    },
    env: map({ TABLE: 'Tasks' }),
    ...changes,
  };
}

describe('the event of a direct resolver', () => {
  it('should be the whole context, under the names that functions know', () => {
    expect(directLambdaEvent(context())).toEqual({
      arguments: { id: 't1' },
      identity: { sub: 'jdoe' },
      source: { boardId: 'b1' },
      request: { headers: { 'x-board': 'b1' }, domainName: null },
      prev: null,
      info: {
        selectionSetList: ['id', 'title'],
        selectionSetGraphQL: '{\n  id\n  title\n}',
        parentTypeName: 'Query',
        fieldName: 'getTask',
        variables: { id: 't1' },
      },
      stash: { seen: true },
    });
  });

  it('should have the result of the pipeline function before', () => {
    expect(directLambdaEvent(context({ prev: { result: 'b1' } }))).toHaveProperty('prev', { result: 'b1' });
  });

  it.each([
    [undefined, 'Invoke'],
    [0, 'Invoke'],
    [10, 'BatchInvoke'],
  ])('should be the payload of a document whose operation is, with maxBatchSize %j, %s', (maxBatchSize, operation) => {
    const ctx = context();
    expect(directLambdaDocument(ctx, maxBatchSize)).toEqual({ operation, payload: directLambdaEvent(ctx) });
  });
});

describe('the result of a direct resolver', () => {
  it.each<[JsonValue, number | undefined, JsonValue]>([
    [{ data: 1, errorMessage: 'kept' }, undefined, { data: 1, errorMessage: 'kept' }],
    [{ data: { id: 't1' } }, 10, { id: 't1' }],
    [{ data: { id: 't1' }, errorMessage: null, errorType: null }, 10, { id: 't1' }],
    [{ data: null }, 10, null],
    [{ id: 't1' }, 10, { id: 't1' }],
    ['t1', 10, 't1'],
    [null, 10, null],
  ])('should be, for %j and maxBatchSize %j, %j', (result, maxBatchSize, value) => {
    expect(readDirectLambdaResult(result, maxBatchSize)).toEqual(value);
  });

  it('should be an error where an element of a batch has a message', () => {
    const element = { data: { id: 't1' }, errorMessage: 'closed', errorType: 'BoardClosed' };
    expect(() => readDirectLambdaResult(element, 10)).toThrow(FieldError);
    expect(() => readDirectLambdaResult(element, 10)).toThrow(
      expect.objectContaining({ message: 'closed', errorType: 'BoardClosed', data: { id: 't1' } }),
    );
  });
});
