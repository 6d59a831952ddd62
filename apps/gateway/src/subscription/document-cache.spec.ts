import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import type { ExecutableApi } from '#libs/execution';
import { createSubscriptionDocuments } from './document-cache.js';
import { readDocument } from './read-document.js';
import { deniedFields } from './field-policies.js';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    board: Board
  }
  type Subscription {
    onTask: Task
    onNamed: Named
  }
  interface Named {
    name: String
  }
  type Board implements Named {
    name: String
  }
  type User implements Named {
    name: String
  }
  type Task {
    id: ID
    salary: Int
    board: Board
  }
`);

const employees = [{ mode: 'AMAZON_COGNITO_USER_POOLS', groups: null }] as const;
const managers = [{ mode: 'AMAZON_COGNITO_USER_POOLS', groups: ['managers'] }] as const;
const guarded: ReadonlySet<string> = new Set(['Task.salary', 'User.name']);

const api = {
  schema,
  definition: {
    limits: defaultLimits,
    policy: (type: string, field: string) => ({ grants: guarded.has(`${type}.${field}`) ? managers : employees }),
    resolvers: new Map(),
  },
} as unknown as ExecutableApi;

const text = 'subscription { onTask { id } }';

describe('a document', () => {
  it('should be read once for all who send the same text', () => {
    const documents = createSubscriptionDocuments(api);
    expect(documents.get(text)).toBe(documents.get(text));
  });

  it('should be another one when the text differs in a blank', () => {
    const documents = createSubscriptionDocuments(api);
    expect(documents.get(text)).not.toBe(documents.get(`${text} `));
  });

  it('should carry what is wrong with it, and not be kept then', () => {
    const documents = createSubscriptionDocuments(api);
    const { validationErrors } = documents.get('subscription { onTask { nope } }');
    expect(validationErrors).toMatchObject([
      { message: "Validation error of type FieldUndefined: Field 'nope' in type 'Task' is undefined @ 'onTask/nope'" },
    ]);
    expect(documents.size).toBe(0);
  });

  it('should name the variables that decide its shape', () => {
    const query = `subscription S($b: Boolean!, $a: Boolean!, $c: Boolean!) {
      onTask { id @skip(if: $b) board @include(if: $a) { name } ... on Task @skip(if: $b) { salary @skip(if: true) } }
    }`;
    expect(createSubscriptionDocuments(api).get(query).shapeVariables).toEqual(['a', 'b']);
  });

  it('should know the policies of its fields, those of an interface for each type that implements it', () => {
    const { fieldPolicies } = createSubscriptionDocuments(api).get('subscription { onNamed { __typename name } }');
    expect([...fieldPolicies.keys()]).toEqual(['Subscription.onNamed', 'Board.name', 'User.name']);
  });
});

describe('deniedFields', () => {
  const { fieldPolicies } = createSubscriptionDocuments(api).get(
    'subscription { onTask { id salary board { name } } }',
  );
  const identity = {
    mode: 'AMAZON_COGNITO_USER_POOLS',
    authType: '',
    context: null,
    subject: 'jdoe',
    expiresAtMs: null,
    allowsField: null,
  } as const;

  it.each([
    ['a member of the group', { ...identity, groups: ['managers'] }, []],
    ['somebody else', { ...identity, groups: [] }, ['Task.salary']],
    [
      'another mode',
      { ...identity, mode: 'API_KEY' as const, groups: [] },
      ['Subscription.onTask', 'Task.id', 'Task.salary', 'Task.board', 'Board.name'],
    ],
  ])('should be those that %s may not see', (_name, who, denied) => {
    expect([...deniedFields(fieldPolicies, who)]).toEqual(denied);
  });
});

describe('a text that is no document', () => {
  it.each([
    ['empty', '', /^Unable to parse GraphQL query\. /],
    ['broken', 'subscription {', /^Unable to parse GraphQL query\. Syntax Error: Expected Name, found <EOF>/],
    ['not GraphQL', '{"query": "{ a }"}', /^Unable to parse GraphQL query\. /],
    ['too long', `${text}${' '.repeat(100_000)}`, /^The query is longer than 100000 characters\.$/],
  ])('should be refused when it is %s', (_name, query, message) => {
    expect(() => readDocument(createSubscriptionDocuments(api), query, defaultLimits)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringMatching(message) as string }),
    );
  });

  it.each([
    ['tokens', `subscription { onTask { ${'id '.repeat(15_000)} } }`, 'limits.maxTokens'],
    ['levels', `subscription { onTask(a: ${'['.repeat(7000)}${']'.repeat(7000)}) { id } }`, 'limits.maxDepth'],
    ['aliases', `subscription { onTask { ${'a: id '.repeat(101)} } }`, 'limits.maxAliases'],
  ])('should be refused when it has too many %s', (_name, query, limit) => {
    expect(() => readDocument(createSubscriptionDocuments(api), query, defaultLimits)).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_LIMIT', limit }),
    );
  });
});
