import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { compileProjection } from './projection.js';
import type { Projection } from './projection.js';
import { fragmentsOf, selectedFields } from '#libs/execution';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    board: Board
  }
  type Subscription {
    onTask: Task
    onRequiredTask: Task!
    onItem: Item
    onNamed: Named
    onTasks: [Task]
    onCount: Int
  }
  interface Named {
    name: String
  }
  type Board implements Named {
    name: String
    tasks: [Task!]
    grid: [[Task]]
    labels: [[String!]]
    owner: User
  }
  type User implements Named {
    name: String
    email: String!
  }
  type Task {
    id: ID!
    title: String!
    note: String
    done: Boolean
    board: Board
    parent: Task
    first: Task!
    constructor: String
    toString: String
  }
  union Item = Task | Board
`);
// Others than the defaults, so that they are known to count.
const maxFields = 3_000;
const maxDepth = 80;
const subscriptionType = schema.getSubscriptionType()!;

interface Circumstances {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly denied?: readonly string[];
}

function compile(query: string, { variables = {}, denied = [] }: Circumstances = {}): Projection {
  const document = parse(query);
  const operation = getOperationAST(document)!;
  const source = { schema, subscriptionType, fragments: fragmentsOf(document), variables };
  const [fieldNodes] = selectedFields(source, subscriptionType, [operation.selectionSet]).values();
  return compileProjection({
    ...source,
    fieldNodes: fieldNodes!,
    deniedFields: new Set(denied),
    limits: { maxFields, maxDepth },
  });
}

function project(query: string, payload: JsonValue, circumstances?: Circumstances): unknown {
  return JSON.parse(compile(query, circumstances).project(payload));
}

const task = { id: 't1', title: 'Paint', note: 'Blue', done: false };

describe('a projection', () => {
  it('should cut the payload to the selection, in the order of the selection', () => {
    expect(compile('subscription { onTask { title id } }').project(task)).toBe(
      '{"data":{"onTask":{"title":"Paint","id":"t1"}}}',
    );
  });

  it.each([
    [
      'aliases, of the root too',
      'subscription { made: onTask { name: title again: title } }',
      { made: { name: 'Paint', again: 'Paint' } },
    ],
    [
      'fragments, named and inline',
      'subscription { onTask { ...T ... { done } ... on Task { note } } } fragment T on Task { id }',
      { onTask: { id: 't1', done: false, note: 'Blue' } },
    ],
    [
      'fragments on the root',
      'subscription { ...S } fragment S on Subscription { onTask { id } }',
      { onTask: { id: 't1' } },
    ],
    [
      '__typename, which no payload has',
      'subscription { onTask { __typename t: __typename } }',
      { onTask: { __typename: 'Task', t: 'Task' } },
    ],
    [
      'fields that the payload lacks as null',
      'subscription { onTask { id board { name } } }',
      { onTask: { id: 't1', board: null } },
    ],
    [
      'a field selected twice, merged',
      'subscription { onTask { id id ...T } } fragment T on Task { id note }',
      { onTask: { id: 't1', note: 'Blue' } },
    ],
    [
      'the root selected twice, merged',
      'subscription { onTask { id } onTask { note } }',
      { onTask: { id: 't1', note: 'Blue' } },
    ],
  ])('should show %s', (_name, query, data) => {
    expect(project(query, task)).toEqual({ data });
  });

  it('should merge the selections of an object that is selected twice', () => {
    const query =
      'subscription { onTask { board { name } board { owner { name } } ...T } } fragment T on Task { board { owner { email } } }';
    const payload = { board: { name: 'Home', owner: { name: 'jdoe', email: 'j@d.oe' } } };
    expect(project(query, payload)).toEqual({ data: { onTask: payload } });
  });

  it.each([
    ['@skip', 'note @skip(if: $x)', true, false],
    ['@include', 'note @include(if: $x)', false, true],
    ['@skip on a fragment', '...F @skip(if: $x)', true, false],
    ['@include on an inline fragment', '... @include(if: $x) { note }', false, true],
  ])('should decide %s by its variable', (_name, selection, leavesOut, takesIn) => {
    const query = `subscription S($x: Boolean!) { onTask { id ${selection} } } fragment F on Task { note }`;
    expect(project(query, task, { variables: { x: leavesOut } })).toEqual({ data: { onTask: { id: 't1' } } });
    expect(project(query, task, { variables: { x: takesIn } })).toEqual({
      data: { onTask: { id: 't1', note: 'Blue' } },
    });
  });

  it('should follow a fragment again that was skipped the first time', () => {
    const query = 'subscription { onTask { ...F @skip(if: true) ...F } } fragment F on Task { note }';
    expect(project(query, task)).toEqual({ data: { onTask: { note: 'Blue' } } });
  });

  it.each([
    ['null', null],
    ['a list', [task]],
    ['a text', 'task'],
  ])('should show null for an object whose payload is %s', (_name, payload) => {
    expect(project('subscription { onTask { id } }', payload)).toEqual({ data: { onTask: null } });
  });

  it('should show a scalar and a list at the root', () => {
    expect(project('subscription { onCount }', 7)).toEqual({ data: { onCount: 7 } });
    expect(project('subscription { onTasks { id } }', [task, null])).toEqual({
      data: { onTasks: [{ id: 't1' }, null] },
    });
    expect(project('subscription { onTasks { id } }', task)).toEqual({ data: { onTasks: null } });
  });

  it('should show lists of lists', () => {
    const payload = { board: { grid: [[task, null], [], null], labels: [['a'], null] } };
    expect(project('subscription { onTask { board { grid { title } labels } } }', payload)).toEqual({
      data: { onTask: { board: { grid: [[{ title: 'Paint' }, null], [], null], labels: [['a'], null] } } },
    });
  });
});

describe('a value of an interface or union', () => {
  const query =
    'subscription { onItem { __typename ... on Task { title } ...B ... on Named { name } } } fragment B on Board { tasks { id } }';

  it('should be shown as the type its payload names', () => {
    expect(project(query, { __typename: 'Task', title: 'Paint', name: 'not of a task' })).toEqual({
      data: { onItem: { __typename: 'Task', title: 'Paint' } },
    });
    expect(project(query, { __typename: 'Board', name: 'Home', tasks: [{ id: '1' }] })).toEqual({
      data: { onItem: { __typename: 'Board', tasks: [{ id: '1' }], name: 'Home' } },
    });
  });

  it.each([
    ['that is missing', { title: 'Paint' }],
    ['of no text', { __typename: ['Task'] }],
    ['unknown to the schema', { __typename: 'Nobody' }],
    ['that is no member of it', { __typename: 'User' }],
    ['of a prototype', { __typename: 'constructor' }],
  ])('should be null with a __typename %s', (_name, payload) => {
    expect(project(query, payload)).toEqual({ data: { onItem: null } });
  });

  it('should be shown through an interface', () => {
    expect(project('subscription { onNamed { name } }', { __typename: 'User', name: 'jdoe' })).toEqual({
      data: { onNamed: { name: 'jdoe' } },
    });
  });
});

describe('a null where the schema allows none', () => {
  it("should null the nearest nullable parent, with AppSync's text and path", () => {
    expect(project('subscription { onTask { id title } }', { id: 't1' })).toEqual({
      data: { onTask: null },
      errors: [
        {
          message: "Cannot return null for non-nullable type: 'String' within parent 'Task' (/onTask/title)",
          path: ['onTask', 'title'],
        },
      ],
    });
  });

  it('should leave what is beside the nullable parent', () => {
    const payload = { id: 't1', board: { name: 'Home', owner: { name: 'jdoe' } } };
    expect(project('subscription { t: onTask { id b: board { name o: owner { e: email } } } }', payload)).toEqual({
      data: { t: { id: 't1', b: { name: 'Home', o: null } } },
      errors: [
        {
          message: "Cannot return null for non-nullable type: 'String' within parent 'User' (/t/b/o/e)",
          path: ['t', 'b', 'o', 'e'],
        },
      ],
    });
  });

  it.each([
    [
      'an item of a list of objects',
      { board: { tasks: [task, null] } },
      { tasks: null },
      "Cannot return null for non-nullable type: 'Task' within parent 'Board' (/onTask/board/tasks[1])",
      ['onTask', 'board', 'tasks', 1],
    ],
    [
      'a field of an item',
      { board: { tasks: [task, {}] } },
      { tasks: null },
      "Cannot return null for non-nullable type: 'ID' within parent 'Task' (/onTask/board/tasks[1]/id)",
      ['onTask', 'board', 'tasks', 1, 'id'],
    ],
  ])('should break %s and with it the list', (_name, payload, board, message, path) => {
    expect(project('subscription { onTask { board { tasks { id } } } }', payload)).toEqual({
      data: { onTask: { board } },
      errors: [{ message, path }],
    });
  });

  it('should break only the inner list where the outer allows null', () => {
    expect(
      project('subscription { onTask { board { labels } } }', { board: { labels: [['a', null], ['b']] } }),
    ).toMatchObject({
      data: { onTask: { board: { labels: [null, ['b']] } } },
      errors: [
        {
          message:
            "Cannot return null for non-nullable type: 'String' within parent 'Board' (/onTask/board/labels[0][1])",
        },
      ],
    });
  });

  it('should null the data when the subscription field itself allows none', () => {
    expect(project('subscription { onRequiredTask { note } }', null)).toEqual({
      data: null,
      errors: [
        {
          message: "Cannot return null for non-nullable type: 'Task' within parent 'Subscription' (/onRequiredTask)",
          path: ['onRequiredTask'],
        },
      ],
    });
  });

  it('should be told once, however many non-null parents it breaks', () => {
    expect(
      project('subscription { onRequiredTask { first { first { id } } } }', { first: { first: {} } }),
    ).toMatchObject({
      data: null,
      errors: [{ path: ['onRequiredTask', 'first', 'first', 'id'] }],
    });
  });

  it('should be told once in each place', () => {
    const query = 'subscription { onTask { board { owner { email } } parent { board { owner { email } } } } }';
    const payload = { board: { owner: {} }, parent: { board: { owner: {} } } };
    expect(project(query, payload)).toMatchObject({
      data: { onTask: { board: { owner: null }, parent: { board: { owner: null } } } },
      errors: [
        { path: ['onTask', 'board', 'owner', 'email'] },
        { path: ['onTask', 'parent', 'board', 'owner', 'email'] },
      ],
    });
  });
});

describe('a field that the subscriber may not see', () => {
  it('should be null with the error that a query would get, whatever the payload has', () => {
    expect(project('subscription { onTask { id secret: note } }', task, { denied: ['Task.note'] })).toEqual({
      data: { onTask: { id: 't1', secret: null } },
      errors: [
        {
          message: 'Not Authorized to access note on type Task',
          path: ['onTask', 'secret'],
          errorType: 'Unauthorized',
        },
      ],
    });
  });

  it('should null the nearest nullable parent where the schema allows no null, and be told once', () => {
    expect(project('subscription { onTask { id title } }', task, { denied: ['Task.title'] })).toEqual({
      data: { onTask: null },
      errors: [
        {
          message: 'Not Authorized to access title on type Task',
          path: ['onTask', 'title'],
          errorType: 'Unauthorized',
        },
      ],
    });
  });

  it('should be denied through an interface on the type that denies it', () => {
    const denied = ['User.name'];
    const query = 'subscription { onNamed { name } }';
    expect(project(query, { __typename: 'User', name: 'jdoe' }, { denied })).toMatchObject({
      data: { onNamed: { name: null } },
    });
    expect(project(query, { __typename: 'Board', name: 'Home' }, { denied })).toEqual({
      data: { onNamed: { name: 'Home' } },
    });
  });
});

describe('hostile names', () => {
  it('should show __proto__ as an alias like any other', () => {
    const text = compile('subscription { __proto__: onTask { __proto__: board { name } constructor: id } }').project({
      id: 't1',
      board: { name: 'Home' },
    });
    expect(text).toBe('{"data":{"__proto__":{"__proto__":{"name":"Home"},"constructor":"t1"}}}');
  });

  it("should not read a payload's prototype", () => {
    expect(project('subscription { onTask { constructor toString } }', task)).toEqual({
      data: { onTask: { constructor: null, toString: null } },
    });
  });

  it('should show members of the payload that have such names', () => {
    const payload = JSON.parse('{"__proto__":{"id":"forged"},"constructor":"c","toString":"s"}') as JsonValue;
    expect(project('subscription { onTask { constructor toString note } }', payload)).toEqual({
      data: { onTask: { constructor: 'c', toString: 's', note: null } },
    });
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });
});

describe('a selection without end', () => {
  /** Fragments that each spread the next one, in two fields or twice in one place. */
  function chain(count: number, link: (next: string) => string): string {
    const links = Array.from({ length: count }, (_, n) => `fragment F${n} on Task { ${link(`F${n + 1}`)} }`);
    return `subscription { onTask { ...F0 } } ${links.join(' ')} fragment F${count} on Task { id }`;
  }

  it('should be compiled when fragments only repeat themselves', () => {
    const query = chain(60, (next) => `...${next} ...${next}`);
    expect(project(query, task)).toEqual({ data: { onTask: { id: 't1' } } });
  });

  it('should be refused when fragments multiply its fields', () => {
    const query = chain(60, (next) => `a: parent { ...${next} } b: parent { ...${next} }`);
    expect(() => compile(query)).toThrow(RequestError);
    expect(() => compile(query)).toThrow(/deeper than|more than/);
  });

  it(`should be refused beyond ${maxFields} fields`, () => {
    const fields = (count: number) => Array.from({ length: count }, (_, n) => `f${n}: id`).join(' ');
    expect(() => compile(`subscription { onTask { ${fields(maxFields)} } }`)).not.toThrow();
    expect(() => compile(`subscription { onTask { ${fields(maxFields + 1)} } }`)).toThrow(
      `The operation selects more than ${maxFields} fields.`,
    );
  });

  it(`should be refused beyond ${maxDepth} levels`, () => {
    expect(() => compile(chain(maxDepth - 1, (next) => `parent { ...${next} }`))).not.toThrow();
    expect(() => compile(chain(maxDepth, (next) => `parent { ...${next} }`))).toThrow(
      `The operation selects fields deeper than ${maxDepth} levels.`,
    );
  });
});

describe('the key of a projection', () => {
  const keyOf = (query: string, circumstances?: Circumstances): string => compile(query, circumstances).key;
  const key = keyOf('subscription { onTask { id board { name } } }');

  it.each([
    ['blanks and comments', 'subscription{onTask{\n  id # the id\n  board { name, },\n}}'],
    ['the name of the operation', 'subscription Tasks { onTask { id board { name } } }'],
    ['fragments', 'subscription { onTask { ...T board { ... on Named { name } } } } fragment T on Task { id }'],
    ['a field that is repeated', 'subscription { onTask { id board { name } id } }'],
    ['a field that is skipped', 'subscription { onTask { id note @skip(if: true) board { name } } }'],
  ])('should be the same whatever differs in %s', (_name, query) => {
    expect(keyOf(query)).toBe(key);
  });

  it.each([
    ['the alias of a field', 'subscription { onTask { t: id board { name } } }'],
    ['the alias of the root', 'subscription { t: onTask { id board { name } } }'],
    ['order', 'subscription { onTask { board { name } id } }'],
    ['one more field', 'subscription { onTask { id board { name } note } }'],
    ['where a field stands', 'subscription { onTask { id board { tasks { id } name } } }'],
    ['the field', 'subscription { onRequiredTask { id board { name } } }'],
  ])('should be another one for another text: %s', (_name, query) => {
    expect(keyOf(query)).not.toBe(key);
  });

  it('should tell apart what is denied', () => {
    const query = 'subscription { onTask { id board { name } } }';
    const denied = keyOf(query, { denied: ['Board.name'] });
    expect(denied).not.toBe(key);
    expect(keyOf(query, { denied: ['Task.board'] })).not.toBe(denied);
    expect(keyOf(query, { denied: ['Task.title'] })).toBe(key);
  });

  it('should tell apart the types of a union', () => {
    const ofTask = keyOf('subscription { onItem { ... on Task { id } } }');
    expect(keyOf('subscription { onItem { ... on Board { name } } }')).not.toBe(ofTask);
    expect(keyOf('subscription { onItem { ... { ... on Task { id } } } }')).toBe(ofTask);
  });
});
