import { getVariableValues, Kind, parse } from 'graphql';
import type { FieldNode, OperationDefinitionNode } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#libs/protocol';
import { defineApi } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import { formatVariableError, validateDocument } from './index.js';
import type { ExecutableApi } from './index.js';

const sdl = /* GraphQL */ `
  enum Priority {
    low
    high
  }
  input TaskInput {
    title: String!
    priority: Priority
  }
  type Task {
    id: ID!
    title: String
    parent: Task
  }
  type User {
    name: String
  }
  type Query {
    task(id: ID!): Task
    tasks(priority: Priority, first: Int, ids: [ID!]): [Task]
    data(json: AWSJSON): String
  }
  type Mutation {
    createTask(input: TaskInput!): Task
  }
  type Subscription {
    onTask: Task @aws_subscribe(mutations: ["createTask"])
  }
`;

let api: ExecutableApi;
beforeAll(async () => {
  api = await defineApi({ sdl });
});

const messagesOf = (document: string) => validateDocument(api, parse(document)).map(({ message }) => message);

describe('a document that does not fit the schema', () => {
  it.each<[string, string, string]>([
    [
      'a field that is not there',
      '{ badfield }',
      "FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'",
    ],
    [
      'such a field further down',
      '{ task(id: 1) { parent { ident } } }',
      "FieldUndefined: Field 'ident' in type 'Task' is undefined @ 'task/parent/ident'",
    ],
    [
      'such a field under an alias',
      '{ first: task(id: 1) { nr: ident } }',
      "FieldUndefined: Field 'ident' in type 'Task' is undefined @ 'task/ident'",
    ],
    [
      'an argument that is not there',
      '{ task(id: 1, nr: 2) { id } }',
      "UnknownArgument: Unknown field argument nr @ 'task'",
    ],
    ['an argument that is missing', '{ task { id } }', "MissingFieldArgument: Missing field argument id @ 'task'"],
    [
      'an argument of a directive that is missing',
      '{ task(id: 1) { id @skip } }',
      "MissingDirectiveArgument: Missing directive argument if @ 'task/id'",
    ],
    [
      'an argument that is given twice',
      '{ task(id: 1, id: 2) { id } }',
      "DuplicateArgumentNames: There can be only one argument named 'id' @ 'task'",
    ],
    [
      'a value of the wrong type',
      '{ tasks(first: "one") { id } }',
      `WrongType: Int cannot represent non-integer value: 'one' @ 'tasks'`,
    ],
    [
      'a value that the enum does not have',
      '{ tasks(priority: urgent) { id } }',
      "WrongType: Value 'urgent' does not exist in 'Priority' enum @ 'tasks'",
    ],
    ['a text that is no JSON', '{ data(json: "{") }', "WrongType: Unable to parse `'{'` as valid JSON @ 'data'"],
    [
      'an object without a selection',
      '{ task(id: 1) }',
      "SubSelectionRequired: Sub selection required for type Task of field task @ 'task'",
    ],
    [
      'a list without a selection',
      '{ tasks }',
      "SubSelectionRequired: Sub selection required for type [Task] of field tasks @ 'tasks'",
    ],
    [
      'a scalar with a selection',
      '{ task(id: 1) { id { id } } }',
      "SubSelectionNotAllowed: Sub selection not allowed on leaf type ID! of field id @ 'task/id'",
    ],
    [
      'a variable that is not declared',
      '{ task(id: $id) { id } }',
      "UndefinedVariable: Undefined variable id @ 'task'",
    ],
    ['a variable that is not used', 'query ($id: ID) { tasks { id } }', 'UnusedVariable: Unused variable id'],
    [
      'a variable declared twice',
      'query ($a: ID!, $a: ID!) { task(id: $a) { id } }',
      "DuplicateVariableName: There can be only one variable named '$a'",
    ],
    [
      'a variable that may be null where nothing may',
      'query ($id: ID) { task(id: $id) { id } }',
      "VariableTypeMismatch: Variable '$id' of type 'ID' used in position expecting type 'ID!'",
    ],
    [
      'a variable of an output type',
      'query ($t: Task) { data(json: $t) }',
      "NonInputTypeOnVariable: Variable '$t' cannot be non-input type 'Task'",
    ],
    ['a type that is not there', 'query ($t: Taks) { data(json: $t) }', 'UnknownType: Unknown type Taks'],
    ['a fragment that is not there', '{ tasks { ...Head } }', "UndefinedFragment: Undefined fragment Head @ 'tasks'"],
    [
      'a fragment that is not used',
      '{ tasks { id } } fragment Head on Task { id }',
      "UnusedFragment: Fragment 'Head' is never used",
    ],
    [
      'two fragments of one name',
      '{ tasks { ...A } } fragment A on Task { id } fragment A on Task { id }',
      "DuplicateFragmentName: There can be only one fragment named 'A'",
    ],
    [
      'a fragment that never applies',
      '{ tasks { ...Name } } fragment Name on User { name }',
      "InvalidFragmentType: Fragment 'Name' cannot be spread here as objects of type 'Task' can never be of type 'User' @ 'tasks'",
    ],
    [
      'a fragment on a scalar',
      '{ tasks { ...A } } fragment A on Priority { id }',
      "FragmentTypeConditionInvalid: Fragment 'A' cannot condition on non composite type 'Priority'",
    ],
    [
      'an inline fragment on a scalar',
      '{ tasks { ... on Priority { id } } }',
      "InlineFragmentTypeConditionInvalid: Fragment cannot condition on non composite type 'Priority' @ 'tasks'",
    ],
    [
      'fragments in a circle',
      '{ tasks { ...A } } fragment A on Task { parent { ...A } }',
      "FragmentCycle: Cannot spread fragment 'A' within itself @ 'parent'",
    ],
    [
      'two fields under one key',
      '{ task(id: 1) { a: id a: title } }',
      "FieldsConflict: Fields 'a' conflict because 'id' and 'title' are different fields. Use different aliases on the fields to fetch both if this was intentional @ 'task/id'",
    ],
    [
      'a directive that is not there',
      '{ tasks @live { id } }',
      "UnknownDirective: Unknown directive '@live' @ 'tasks'",
    ],
    [
      'a directive in a wrong place',
      'query @skip(if: true) { tasks { id } }',
      "MisplacedDirective: Directive '@skip' may not be used on QUERY",
    ],
    [
      'a directive twice',
      '{ tasks { id @skip(if: true) @skip(if: true) } }',
      "DuplicateDirectiveName: The directive '@skip' can only be used once at this location @ 'tasks/id'",
    ],
    [
      'an operation without a name beside another',
      '{ tasks { id } } query B { tasks { id } }',
      'LoneAnonymousOperationViolation: This anonymous operation must be the only defined operation',
    ],
    [
      'two operations of one name',
      'query A { tasks { id } } query A { tasks { id } }',
      "DuplicateOperationName: There can be only one operation named 'A'",
    ],
    [
      'a type definition',
      '{ tasks { id } } type A { id: ID }',
      "NonExecutableDefinition: The 'A' definition is not executable",
    ],
    [
      'a subscription to two fields',
      'subscription { a: onTask { id } b: onTask { id } }',
      "SubscriptionMultipleRootFields: Anonymous Subscription must select only one top level field @ 'onTask'",
    ],
    [
      'a member given twice',
      'mutation { createTask(input: { title: "a", title: "b" }) { id } }',
      "UniqueObjectFieldName: There can be only one input field named 'title' @ 'createTask'",
    ],
    [
      'a member that is missing',
      'mutation { createTask(input: {}) { id } }',
      "WrongType: Field 'TaskInput.title' of required type 'String!' was not provided @ 'createTask'",
    ],
    [
      'introspection in circles',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      "BadFaithIntrospection: Maximum introspection depth exceeded @ '__schema'",
    ],
  ])('should be refused for %s', (_what, document, message) => {
    expect(messagesOf(document)).toContain(`Validation error of type ${message}`);
  });

  it('should be answered with place and nothing else', () => {
    expect(validateDocument(api, parse('{\n  tasks {\n    nr\n  }\n}'))).toEqual([
      {
        path: null,
        locations: [{ line: 3, column: 5, sourceName: null }],
        message: "Validation error of type FieldUndefined: Field 'nr' in type 'Task' is undefined @ 'tasks/nr'",
      },
    ]);
  });

  it('should be answered with all that is wrong, in order', () => {
    expect(messagesOf('{ task { nr } other }')).toEqual([
      "Validation error of type FieldUndefined: Field 'nr' in type 'Task' is undefined @ 'task/nr'",
      "Validation error of type MissingFieldArgument: Missing field argument id @ 'task'",
      "Validation error of type FieldUndefined: Field 'other' in type 'Query' is undefined @ 'other'",
    ]);
  });

  it('should be answered with a hundred errors at most', () => {
    const messages = messagesOf(`{ ${Array.from({ length: 500 }, (_, i) => `f${i}`).join(' ')} }`);
    expect(messages).toHaveLength(101);
    expect(messages.at(-1)).toBe('Too many validation errors, error limit reached. Validation aborted.');
  });
});

describe('introspection', () => {
  const document =
    '{ __typename __schema { __typename types { name } queryType { name } } __type(name: "Task") { ...F } } fragment F on __Type { name }';
  const undefinedIn = (type: string, field: string, at: string) =>
    `Validation error of type FieldUndefined: Field '${field}' in type '${type}' is undefined @ '${at}'`;

  it('should be valid where it is switched on, as it is by default', async () => {
    expect(messagesOf(document)).toEqual([]);
    const enabled = await defineApi({ sdl, settings: { introspectionConfig: 'ENABLED' } });
    expect(validateDocument(enabled, parse(document))).toEqual([]);
  });

  it('should meet types without fields where it is switched off, all but __typename', async () => {
    const disabled = await defineApi({ sdl, settings: { introspectionConfig: 'DISABLED' } });
    expect(validateDocument(disabled, parse(document)).map(({ message }) => message)).toEqual([
      undefinedIn('__Schema', 'types', '__schema/types'),
      undefinedIn('__Schema', 'queryType', '__schema/queryType'),
      undefinedIn('__Type', 'name', 'name'),
    ]);
    expect(validateDocument(disabled, parse('{ __typename tasks { __typename id } }'))).toEqual([]);
  });
});

describe('a document that is too deep to be compared', () => {
  it('should be refused', () => {
    // Not parsed: how deep the parser gets depends on the stack that a test runner leaves it.
    const document = parse('{ __type(name: "Task") { ofType { name } ofType { name } } }');
    const [{ selectionSet }] = document.definitions as unknown as [OperationDefinitionNode];
    const [root] = selectionSet.selections as [FieldNode];
    const deepen = (field: FieldNode): FieldNode => {
      let nested = field;
      for (let i = 0; i < 20_000; i += 1) {
        nested = { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: [nested] } };
      }
      return nested;
    };
    const deep = { ...root.selectionSet!, selections: (root.selectionSet!.selections as FieldNode[]).map(deepen) };
    const query = {
      ...document.definitions[0],
      selectionSet: { ...selectionSet, selections: [{ ...root, selectionSet: deep }] },
    };
    expect(validateDocument(api, { ...document, definitions: [query as OperationDefinitionNode] })).toEqual([
      { path: null, locations: null, message: 'The document is nested too deeply.' },
    ]);
  });
});

describe('a document that fits', () => {
  it.each([
    '{ tasks(priority: high, ids: [1, "2"]) { id ...Head } } fragment Head on Task { title parent { id } }',
    'query A { tasks { id } } mutation B { createTask(input: {title: "a"}) { id } }',
    '{ __schema { types { name fields { name type { name ofType { name } } } } } __type(name: "Task") { name } }',
  ])('should have no errors: %s', (document) => {
    expect(messagesOf(document)).toEqual([]);
  });
});

describe('a variable', () => {
  const refusalsOf = (declaration: string, inputs: Record<string, unknown>) => {
    const [operation] = parse(`query (${declaration}) { __typename }`).definitions;
    const { errors = [] } = getVariableValues(
      api.schema,
      (operation as OperationDefinitionNode).variableDefinitions ?? [],
      inputs,
    );
    return errors.map(formatVariableError);
  };

  it.each<[string, string, Record<string, unknown>, string]>([
    ['missing', '$id: ID!', {}, "Variable 'id' has coerced Null value for NonNull type 'ID!'"],
    ['null', '$id: ID!', { id: null }, "Variable 'id' has coerced Null value for NonNull type 'ID!'"],
    ['null in a list type', '$ids: [ID!]!', {}, "Variable 'ids' has coerced Null value for NonNull type '[ID!]!'"],
    ['no JSON', '$x: AWSJSON', { x: '{a' }, "Variable 'x' has an invalid value. Unable to parse `{a` as valid JSON."],
    [
      'of the wrong type',
      '$n: Int',
      { n: 'one' },
      "Variable 'n' has an invalid value. Int cannot represent non-integer value: 'one'",
    ],
    [
      'no member of the enum',
      '$p: Priority',
      { p: 'urgent' },
      "Variable 'p' has an invalid value. Value 'urgent' does not exist in 'Priority' enum.",
    ],
    [
      'an object that lacks a member',
      '$i: TaskInput',
      { i: {} },
      "Variable 'i' has an invalid value. Field 'title' of required type 'String!' was not provided.",
    ],
    [
      'an object with a member too many',
      '$i: TaskInput',
      { i: { title: 'a', not: 1 } },
      `Variable 'i' has an invalid value. Field 'not' is not defined by type 'TaskInput'.`,
    ],
    [
      'wrong, with text like the message’s own',
      '$n: Int',
      { n: 'a; b at "c"; d' },
      `Variable 'n' has an invalid value. Int cannot represent non-integer value: 'a; b at \\'c\\'; d'`,
    ],
  ])('should be refused when it is %s', (_what, declaration, inputs, message) => {
    expect(refusalsOf(declaration, inputs)).toEqual([
      { path: null, locations: [{ line: 1, column: 8, sourceName: null }], message },
    ]);
  });
});

describe('a name that is nearly right', () => {
  it.each<[string, string, object]>([
    ['a field', '{ taskz { id } }', {}],
    ['an argument', '{ tasks(frist: 1) { id } }', {}],
    ['a type', 'query ($a: Priorit) { tasks { id } }', {}],
    ['a member of an enum', '{ tasks(priority: hihg) { id } }', {}],
    ['a member of an input', 'mutation { createTask(input: {titel: "t"}) { id } }', {}],
    ['a member of an enum in a variable', 'query ($p: Priority) { tasks(priority: $p) { id } }', { p: 'hihg' }],
    [
      'a member of an input in a variable',
      'mutation ($i: TaskInput!) { createTask(input: $i) { id } }',
      { i: { titel: '' } },
    ],
  ])('should not be told, as in graphql-java: %s', async (_what, text, variables) => {
    const found = messagesOf(text);
    const messages =
      found.length > 0
        ? found
        : (await execute(api, text, { variables: variables as JsonObject })).errors.map(({ message }) => message);
    expect(messages).not.toEqual([]);
    expect(messages.join('\n')).not.toMatch(/did you mean/i);
  });
});
