import { describe, expect, it } from 'vitest';
import { compileIamPolicy, readFieldPattern } from './iam-policy.js';
import type { FieldPattern } from './iam-policy.js';

const read = (text: string): FieldPattern => {
  const pattern = readFieldPattern(text);
  if (pattern === null) throw new Error(`"${text}" is no pattern.`);
  return pattern;
};
const policy = (allow: readonly string[], deny: readonly string[] = []) =>
  compileIamPolicy(allow.map(read), deny.map(read));

const api = 'arn:aws:appsync:eu-central-1:111122223333:apis/abcdefghij';

describe('a pattern for fields', () => {
  it.each([
    { pattern: '*', field: ['Query', 'getBoard'], matches: true },
    { pattern: '*.*', field: ['Query', 'getBoard'], matches: true },
    { pattern: 'Mutation.*', field: ['Mutation', 'createTask'], matches: true },
    { pattern: 'Mutation.*', field: ['Query', 'getBoard'], matches: false },
    { pattern: 'Query.getBoard', field: ['Query', 'getBoard'], matches: true },
    { pattern: 'Query.getBoard', field: ['Query', 'getBoards'], matches: false },
    { pattern: '*.title', field: ['Task', 'title'], matches: true },
    { pattern: 'Query.get?oard', field: ['Query', 'getBoard'], matches: true },
    { pattern: `${api}/*`, field: ['Task', 'title'], matches: true },
    { pattern: `${api}/types/Mutation/*`, field: ['Mutation', 'createTask'], matches: true },
    { pattern: `${api}/types/Mutation/fields/create*`, field: ['Mutation', 'createTask'], matches: true },
    { pattern: `${api}/types/Mutation/fields/create*`, field: ['Mutation', 'deleteTask'], matches: false },
    { pattern: `${api}/types/Query/fields/getBoard`, field: ['Query', 'getBoard'], matches: true },
    { pattern: `${api}/types/Query/fields/getBoard`, field: ['Query', 'getBoards'], matches: false },
    { pattern: `${api}/types/Query`, field: ['Query', 'getBoard'], matches: false },
    { pattern: 'arn:aws:appsync:*:*:apis/*/types/Query/fields/*', field: ['Query', 'getBoard'], matches: true },
    { pattern: 'arn:aws:appsync:*:*:apis/*/types/Query/fields/*', field: ['Board', 'id'], matches: false },
    { pattern: 'arn:aws:appsync:*:*:apis/*', field: ['Board', 'id'], matches: true },
    { pattern: 'arn:aws-cn:appsync:*:*:*', field: ['Board', 'id'], matches: true },
  ])('should say $matches for $field with $pattern', ({ pattern, field: [type = '', name = ''], matches }) => {
    expect(read(pattern).matches(type, name)).toBe(matches);
  });

  it.each(['', 'Mutation', 'Query.getBoard.id', '.', 'Query.', 'Query.get board', '**x', `${api}`, 'arn:aws:s3:::b/*'])(
    'should not be read from %j',
    (text) => {
      expect(readFieldPattern(text)).toBeNull();
    },
  );
});

describe('a policy', () => {
  it('should deny what nobody allows', () => {
    const { allowsField, allowsNothing } = policy([]);
    expect(allowsField('Query', 'getBoard')).toBe(false);
    expect(allowsNothing).toBe(true);
  });

  it('should let a deny win over an allow', () => {
    const { allowsField, allowsNothing } = policy(['*', 'Mutation.deleteBoard'], ['Mutation.delete*']);
    expect(allowsField('Mutation', 'createBoard')).toBe(true);
    expect(allowsField('Mutation', 'deleteBoard')).toBe(false);
    expect(allowsNothing).toBe(false);
  });

  it('should say the same when it is asked again', () => {
    const { allowsField } = policy(['Query.getBoard']);
    for (let times = 0; times < 2; times++) {
      expect(allowsField('Query', 'getBoard')).toBe(true);
      expect(allowsField('Board', 'getBoard')).toBe(false);
    }
  });

  it.each(['*', '*.*', `${api}/*`, 'arn:aws:appsync:*:*:apis/*'])('should allow nothing when it denies %s', (deny) => {
    expect(policy(['*'], [deny]).allowsNothing).toBe(true);
  });
});
