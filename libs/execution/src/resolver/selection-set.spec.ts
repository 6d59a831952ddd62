import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import { execute } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  interface Node {
    id: ID
  }
  type Task implements Node {
    id: ID
    title: String
    owner: User
    parent: Task
    node: Node
    selected: AWSJSON
  }
  type User implements Node {
    id: ID
    name: String
    tasks(status: String): [Task]
  }
  union Item = Task | User
  type Query {
    task(id: ID): Task
    tasks: [Task]
    node: Node
    item: Item
    selected: AWSJSON
  }
`;

const response = `$util.error("seen", "Seen", null, {
  "list": $ctx.info.selectionSetList, "text": $ctx.info.selectionSetGraphQL
})`;

/** What a root field's resolver sees of its selection. */
async function selectionOf(text: string, variables: JsonObject = {}): Promise<{ list: string[]; text: string }> {
  const resolver = { response };
  const api = await defineApi({
    sdl,
    resolvers: {
      'Query.task': resolver,
      'Query.tasks': resolver,
      'Query.node': resolver,
      'Query.item': resolver,
      'Query.selected': resolver,
    },
  });
  const { errors } = await execute(api, text, { variables });
  return errors[0]!.errorInfo as { list: string[]; text: string };
}

describe('ctx.info.selectionSetList', () => {
  it.each<[string, string, string[]]>([
    ['fields', '{ task { id title } }', ['id', 'title']],
    ['aliases in place of names', '{ task { key: id second: title } }', ['key', 'second']],
    [
      'nested fields under their parent',
      '{ task { owner { id tasks(status: "open") { title } } id } }',
      ['owner', 'owner/id', 'owner/tasks', 'owner/tasks/title', 'id'],
    ],
    ['fields below aliases', '{ task { who: owner { called: name } } }', ['who', 'who/called']],
    [
      'fields of inline fragments',
      '{ task { id ... on Task { title } ... { note: title } } }',
      ['id', 'title', 'note'],
    ],
    [
      'fields of named fragments',
      '{ task { ...F parent { ...F } } } fragment F on Task { id owner { ...G } } fragment G on User { name }',
      ['id', 'owner', 'owner/name', 'parent', 'parent/id', 'parent/owner', 'parent/owner/name'],
    ],
    ['fields of a fragment on an interface of the type', '{ task { ... on Node { id } } }', ['id']],
    [
      'a field once',
      '{ task { id id ... on Task { id } owner { id } owner { name } } }',
      ['id', 'owner', 'owner/id', 'owner/name'],
    ],
    ['a selection that is written twice', '{ task { id } task { title } }', ['id', 'title']],
    ['the items of a list', '{ tasks { id } }', ['id']],
    ['__typename', '{ task { __typename } }', ['__typename']],
    ['only the interface’s own fields', '{ node { id ... on Task { title } ... on User { name } } }', ['id']],
    ['only the interface’s own fields below', '{ task { node { id ... on Task { title } } } }', ['node', 'node/id']],
    ['nothing of a union', '{ item { ... on Task { title } ... on User { name } } }', []],
    ['nothing of a leaf', '{ selected }', []],
  ])('should have %s', async (_what, text, list) => {
    expect((await selectionOf(text)).list).toEqual(list);
  });

  it('should leave out what @skip and @include leave out, each time', async () => {
    const text = `query ($yes: Boolean!) {
      task { id @include(if: $yes) title @skip(if: $yes) ...F @include(if: $yes) parent { ... @skip(if: true) { id } title } }
    } fragment F on Task { owner { name } }`;
    expect((await selectionOf(text, { yes: true })).list).toEqual([
      ...['id', 'owner', 'owner/name', 'parent', 'parent/title'],
    ]);
    expect((await selectionOf(text, { yes: false })).list).toEqual(['title', 'parent', 'parent/title']);
  });

  it('should follow its variables in a document that comes again', async () => {
    const api = await defineApi({ sdl, resolvers: { 'Query.task': { response } } });
    const text = 'query ($yes: Boolean!) { task { id @include(if: $yes) title } }';
    for (const yes of [true, false, true]) {
      const { errors } = await execute(api, text, { variables: { yes } });
      expect(errors[0]!.errorInfo).toMatchObject({ list: yes ? ['id', 'title'] : ['title'] });
    }
  });

  it('should be each handler’s own', async () => {
    const change =
      '$util.qr($ctx.info.selectionSetList.add("more"))$util.qr($ctx.info.selectionSetList.add("and more"))';
    const api = await defineApi({
      sdl,
      resolvers: { 'Query.tasks': { answer: () => [{}, {}] }, 'Task.owner': { response: change + response } },
    });
    const { errors } = await execute(api, '{ tasks { owner { id } } }');
    for (const { errorInfo } of errors) expect((errorInfo as JsonObject)['list']).toContain('id');
    expect(errors[0]!.errorInfo).toEqual(errors[1]!.errorInfo);
  });

  it('should end the field where fragments make it endless', { timeout: 5000 }, async () => {
    const levels = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Task { a: parent { ...F${n + 1} } b: parent { ...F${n + 1} } }`,
    );
    const api = await defineApi({ sdl, resolvers: { 'Query.task': { response } } });
    const { errors } = await execute(api, `{ task { ...F0 } } ${levels.join(' ')} fragment F40 on Task { id }`);
    expect(errors).toMatchObject([{ message: 'The selection set of Query.task is too large.' }]);
  });
});

describe('ctx.info.selectionSetGraphQL', () => {
  it('should be the selection with its fragments as they were written', async () => {
    const { text } = await selectionOf(
      'query ($s: String) { task(id: 7) { id second: title owner { tasks(status: $s) { id } } ... on Task { title } ...F } } fragment F on Task { id }',
    );
    expect(text).toBe(
      [
        '{',
        '  id',
        '  second: title',
        '  owner {',
        '    tasks(status: $s) {',
        '      id',
        '    }',
        '  }',
        '  ... on Task {',
        '    title',
        '  }',
        '  ...F',
        '}',
      ].join('\n'),
    );
  });

  it('should have both parts of a selection that is written twice', async () => {
    expect((await selectionOf('{ task { id } task { title } }')).text).toBe('{\n  id\n  title\n}');
  });

  it('should be empty for a leaf', async () => {
    expect((await selectionOf('{ selected }')).text).toBe('');
  });
});
