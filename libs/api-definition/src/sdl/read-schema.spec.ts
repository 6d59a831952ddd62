import type { GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { faultsOf, load, schemaWith, soundFiles } from '../../test/definition-files.js';

describe('reading SDL', () => {
  it('should know the AWS scalars and directives without declarations', async () => {
    const { schema } = await load(
      schemaWith('title: String boardId', 'title: String due: AWSDate data: AWSJSON boardId'),
    );
    const task = schema.getType('Task') as GraphQLObjectType;

    expect(() => schema.getType('AWSDate')?.toConfig()).not.toThrow();
    expect(String(task.getFields().data?.type)).toBe('AWSJSON');
  });

  it('should ignore the declarations that exported SDL contains', async () => {
    const exported = `scalar AWSJSON
directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION
directive @deprecated(reason: String) on FIELD_DEFINITION
`;

    expect(await faultsOf({ 'schema.graphql': exported + soundFiles['schema.graphql'] })).toEqual([]);
  });

  it('should take root types of other names from the schema definition', async () => {
    const { schema } = await load({
      ...schemaWith(
        'type Query {',
        'schema { query: Root mutation: Mutation subscription: Subscription }\ntype Root {',
      ),
    });

    expect(schema.getQueryType()?.name).toBe('Root');
  });

  it('should merge extensions of types', async () => {
    const { schema } = await load(schemaWith('type Query', 'extend type Task { owner: String }\ntype Query'));

    expect(Object.keys((schema.getType('Task') as GraphQLObjectType).getFields())).toContain('owner');
  });

  it('should accept the directives of merged APIs', async () => {
    const sdl = schemaWith(
      'type Task {',
      'type Task @canonical {\n  old: String @renamed(to: "new") @hidden @deprecated\n',
    );

    expect(await faultsOf(sdl)).toEqual([]);
  });
});

describe('faults of SDL', () => {
  it.each([
    [
      'a syntax error',
      'type Query {',
      'type Query {{',
      ['schema.graphql:2:13  Syntax Error: Expected Name, found "{".'],
    ],
    [
      'every unknown type',
      'title: String boardId: String }',
      'title: Sting boardId: Strin }',
      [
        'schema.graphql:1:28  Unknown type "Sting". Did you mean "String" or "Int"?',
        'schema.graphql:1:43  Unknown type "Strin". Did you mean "String"?',
      ],
    ],
    [
      'a type defined twice',
      'type Query',
      'type Task { other: ID }\ntype Query',
      ['schema.graphql:1:6  There can be only one type named "Task".'],
    ],
    [
      'an unknown directive',
      'title: String boardId: String }',
      'title: String @aws_auht boardId: String }',
      ['schema.graphql:1:35  Unknown directive "@aws_auht". Did you mean "@aws_auth"?'],
    ],
    [
      'a directive in a place it cannot stand',
      'type Task {',
      'type Task @aws_auth(cognito_groups: ["A"]) {',
      ['schema.graphql:1:11  Directive "@aws_auth" may not be used on OBJECT.'],
    ],
    [
      'a directive argument of the wrong type',
      '["createTask"]',
      '[1]',
      ['schema.graphql:5:67  String cannot represent a non string value: 1.'],
    ],
    [
      'a missing directive argument',
      '(mutations: ["createTask"])',
      '',
      [
        'schema.graphql:5:40  Directive "@aws_subscribe" argument "mutations" of type "[String!]!" is required, but it was not provided.',
      ],
    ],
    [
      'a type without fields',
      'type Query',
      'type Empty\ntype Query',
      ['schema.graphql:2:1  Type Empty must define one or more fields.'],
    ],
    [
      'an input type as a result',
      'type Query {',
      'input Filter { a: String }\ntype Query { filter: Filter',
      ['schema.graphql:3:22  The type of Query.filter must be Output Type but got: Filter.'],
    ],
    [
      'a type name with the prefix AWS',
      'type Query',
      'type AWSThing { a: String }\ntype Query',
      ['schema.graphql:2:6  The type name "AWSThing" begins with AWS. That prefix is reserved; choose another name.'],
    ],
    [
      'a scalar of the user',
      'type Query',
      'scalar Money\ntype Query',
      ['schema.graphql:2:8  The scalar "Money" is not one of AppSync\'s. Use String, AWSJSON or another AWS scalar.'],
    ],
  ])('should report %s', async (_, piece, replacement, faults) => {
    const found = await faultsOf(schemaWith(piece, replacement));

    expect(found).toEqual(faults);
  });

  it('should report a schema without queries', async () => {
    const found = await faultsOf({
      'schema.graphql': 'type Task { id: ID }\ntype Mutation { createTask: Task }\n',
    });

    expect(found).toEqual(['schema.graphql:1:1  Query root type must be provided.']);
  });
});
