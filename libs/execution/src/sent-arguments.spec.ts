import { getVariableValues, parse } from 'graphql';
import type { FieldNode, OperationDefinitionNode } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineApi } from '../test/define-api.js';
import { sentArguments } from './index.js';
import type { ExecutableApi } from './index.js';

const sdl = /* GraphQL */ `
  enum Priority {
    low
    high
  }
  input Range {
    from: Int
    to: Int
  }
  type Task {
    id: ID
  }
  type Query {
    task: Task
  }
  type Mutation {
    createTask: Task
  }
  type Subscription {
    onTask(
      id: ID
      boardId: String
      priority: Priority
      classification: Int
      done: Boolean
      settings: AWSJSON
      dueAt: AWSDateTime
      tags: [String]
      range: Range
    ): Task @aws_subscribe(mutations: ["createTask"])
    onLowTask(
      priority: Priority = low
      settings: AWSJSON = """
      {"a": 1}
      """
    ): Task @aws_subscribe(mutations: ["createTask"])
    onMyTask(boardId: String!): Task @aws_subscribe(mutations: ["createTask"])
  }
`;

let api: ExecutableApi;
beforeAll(async () => {
  api = await defineApi({ sdl });
});

/** The arguments that the one field of a subscription sends. */
function sentBy(text: string, inputs: Record<string, unknown> = {}) {
  const operation = parse(text).definitions[0] as OperationDefinitionNode;
  const node = operation.selectionSet.selections[0] as FieldNode;
  const field = api.schema.getSubscriptionType()!.getFields()[node.name.value]!;
  const { coerced, errors } = getVariableValues(api.schema, operation.variableDefinitions ?? [], inputs);
  expect(errors).toBeUndefined();
  return sentArguments(field, node, coerced!);
}

describe('the arguments that filter events', () => {
  it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
    ['nothing when all are omitted', '{ onTask { id } }', {}, {}],
    ['only those that were sent', '{ onTask(boardId: "b1") { id } }', {}, { boardId: 'b1' }],
    ['null when it was sent', '{ onTask(boardId: null) { id } }', {}, { boardId: null }],
    ['null for a variable that is null', '($b: String) { onTask(boardId: $b) { id } }', { b: null }, { boardId: null }],
    ['null for a variable that was not supplied', '($b: String) { onTask(boardId: $b) { id } }', {}, { boardId: null }],
    [
      'null for such a variable named like a member of objects',
      '($constructor: String) { onTask(boardId: $constructor) { id } }',
      {},
      { boardId: null },
    ],
    ['the value of a variable', '($b: String) { onTask(boardId: $b) { id } }', { b: 'b1' }, { boardId: 'b1' }],
    ['the default of a variable', '($b: String = "b2") { onTask(boardId: $b) { id } }', {}, { boardId: 'b2' }],
    [
      'null in spite of the default of a variable',
      '($b: String = "b2") { onTask(boardId: $b) { id } }',
      { b: null },
      { boardId: null },
    ],
    ['the defaults of the schema', '{ onLowTask { id } }', {}, { priority: 'low', settings: '{"a":1}' }],
    [
      'the default of the schema for a variable that was not supplied',
      '($p: Priority) { onLowTask(priority: $p) { id } }',
      {},
      { priority: 'low', settings: '{"a":1}' },
    ],
    [
      'what was sent in place of a default',
      '{ onLowTask(priority: high, settings: null) { id } }',
      {},
      { priority: 'high', settings: null },
    ],
    ['an enum value as its name', '{ onTask(priority: high) { id } }', {}, { priority: 'high' }],
    ['an ID that was given as a number as text', '{ onTask(id: 7) { id } }', {}, { id: '7' }],
    [
      'an ID that came as a number in a variable as text',
      '($id: ID) { onTask(id: $id) { id } }',
      { id: 7 },
      { id: '7' },
    ],
    [
      'numbers and booleans as they are',
      '{ onTask(classification: 8, done: false) { id } }',
      {},
      { classification: 8, done: false },
    ],
    [
      'AWSJSON as the text that a payload shows',
      String.raw`{ onTask(settings: "{\"a\": [1, 2]}") { id } }`,
      {},
      { settings: '{"a":[1,2]}' },
    ],
    [
      'AWSJSON from a variable as the text that a payload shows',
      '($s: AWSJSON) { onTask(settings: $s) { id } }',
      { s: '{"a": 1}' },
      { settings: '{"a":1}' },
    ],
    ['AWSJSON that holds null as null', '{ onTask(settings: "null") { id } }', {}, { settings: null }],
    [
      'a date as it was written',
      '{ onTask(dueAt: "2026-01-01T10:00:00Z") { id } }',
      {},
      { dueAt: '2026-01-01T10:00:00Z' },
    ],
    [
      'lists and objects as they are',
      '($to: Int) { onTask(tags: ["a"], range: {from: 1, to: $to}) { id } }',
      { to: 2 },
      { tags: ['a'], range: { from: 1, to: 2 } },
    ],
    ['a required argument', '{ onMyTask(boardId: "b1") { id } }', {}, { boardId: 'b1' }],
  ])('should be %s', (_what, operation, inputs, sent) => {
    expect({ ...sentBy(`subscription ${operation}`, inputs) }).toEqual(sent);
  });
});
