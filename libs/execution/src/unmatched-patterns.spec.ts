import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { parseIamAccess } from '#libs/identity';
import { unmatchedPatternsError } from './unmatched-patterns.js';

const schema = buildSchema('type Query { getBoard: Board } type Board { id: ID title: String }');

const errorOf = (allow: readonly string[], deny: readonly string[] = []) =>
  unmatchedPatternsError(
    parseIamAccess(
      JSON.stringify(
        { accessKeys: [{ accessKeyId: 'AKIABACKEND', secretAccessKey: 'secret-of-the-backend', allow, deny }] },
        null,
        1,
      ),
    ),
    schema,
  );

it.each([
  '*',
  '*.*',
  'Query.getBoard',
  'Board.*',
  '*.title',
  'arn:aws:appsync:eu-central-1:111122223333:apis/abcdef/types/Board/fields/id',
])('should say nothing of a pattern that matches a field: %s', (pattern) => {
  expect(errorOf([pattern], [pattern])).toBeUndefined();
});

it.each(['Query.getBord', 'board.id', 'Mutation.*', 'arn:aws:appsync:eu-central-1:111122223333:apis/a/types/Tasks/*'])(
  'should name a pattern that matches none, and its place: %s',
  (pattern) => {
    expect(errorOf(['*'], ['Board.id', pattern])?.message).toBe(
      `No type has a field that these match: line 11, accessKeys[0].deny[1]: "${pattern}".`,
    );
  },
);
