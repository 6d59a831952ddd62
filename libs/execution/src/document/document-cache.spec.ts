import { buildSchema, GraphQLError } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import type { ExecutableApi } from '../executable-api.js';
import { DocumentCache } from './document-cache.js';

const api = {
  schema: buildSchema('type Query { task: Task } type Task { id: ID }'),
  definition: { limits: { ...defaultLimits, maxAliases: 2 } },
} as unknown as ExecutableApi;

const named = (name: string) => `query ${name} { task { id } }`;
const plain = () => ({});

describe('a cache of documents', () => {
  it('should read a text once, with what it is extended by', () => {
    const extend = vi.fn(() => ({ extra: 1 }));
    const documents = new DocumentCache(api, extend);
    expect(documents.get(named('A'))).toBe(documents.get(named('A')));
    expect(documents.get(named('A'))).toMatchObject({ validationErrors: [], extra: 1 });
    expect(extend).toHaveBeenCalledOnce();
  });

  it('should drop the document that was used longest ago when its characters are used up', () => {
    const documents = new DocumentCache(api, plain, 3 * named('A').length);
    const [a, b] = [documents.get(named('A')), documents.get(named('B'))];
    documents.get(named('C'));
    documents.get(named('A'));
    documents.get(named('D'));
    expect(documents.size).toBe(3);
    expect(documents.get(named('A'))).toBe(a);
    expect(documents.get(named('B'))).not.toBe(b);
  });

  it('should not keep a document that is larger than all of it', () => {
    const documents = new DocumentCache(api, plain, 10);
    expect(documents.get(named('A')).validationErrors).toEqual([]);
    expect(documents.size).toBe(0);
  });

  it('should keep none that is not valid, which anybody can send without end', () => {
    const documents = new DocumentCache(api, plain);
    expect(documents.get('{ nope }').validationErrors).toHaveLength(1);
    expect(documents.size).toBe(0);
  });

  it.each([
    ['passes a limit', '{ a: task b: task c: task }', expect.objectContaining({ code: 'DOCUMENT_LIMIT' }) as Error],
    ['is empty', '', expect.any(GraphQLError) as Error],
  ])('should throw for a text that %s', (_what, text, error) => {
    expect(() => new DocumentCache(api, plain).get(text)).toThrow(error);
  });
});
