import { describe, expect, it } from 'vitest';
import { FieldError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import type { ResolverCase } from '../../test/define-api.js';
import { execute, user } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  type Task @aws_api_key @aws_cognito_user_pools {
    id: ID
    title: String
  }
  type Query @aws_api_key @aws_cognito_user_pools {
    task(id: ID): Task
  }
`;

/** Executes a query of an API whose only resolver is a Lambda function that answers, with these keys more. */
async function run(resolver: ResolverCase, keys: JsonObject = {}) {
  const api = await defineApi({
    sdl,
    resolvers: { 'Query.task': { ...resolver, isDirect: true } },
    settings: {
      dataSources: [{ name: 'Tasks', type: 'AWS_LAMBDA', lambdaConfig: { url: 'http://localhost/tasks' } }],
      resolvers: [{ typeName: 'Query', fieldName: 'task', dataSourceName: 'Tasks', ...keys }],
    },
  });
  return execute(api, 'query ($id: ID) { task(id: $id) { id second: title } }', {
    variables: { id: 't1' },
    identity: user('jdoe'),
    headers: { 'x-trace': 'abc' },
  });
}

describe('a resolver of a Lambda function without handlers', () => {
  it('should send all of the context, and answer the result', async () => {
    const documents: JsonObject[] = [];
    const { data, errors } = await run({
      answer: (document) => {
        documents.push(document);
        return { id: 't1', title: 'Roof' };
      },
    });
    expect(errors).toEqual([]);
    expect(data).toEqual({ task: { id: 't1', second: 'Roof' } });
    expect(documents).toEqual([
      {
        operation: 'Invoke',
        payload: {
          arguments: { id: 't1' },
          identity: { username: 'jdoe', groups: [] },
          source: null,
          request: { headers: { 'x-trace': 'abc' }, domainName: null },
          prev: null,
          info: {
            selectionSetList: ['id', 'second'],
            selectionSetGraphQL: '{\n  id\n  second: title\n}',
            parentTypeName: 'Query',
            fieldName: 'task',
            variables: { id: 't1' },
          },
          stash: {},
        },
      },
    ]);
  });

  it('should raise the function’s error, with its data', async () => {
    const { data, errors } = await run({
      answer: () => {
        throw new FieldError('No.', 'Lambda:Unhandled', { id: 't1' });
      },
    });
    expect(data).toEqual({ task: null });
    expect(errors).toMatchObject([{ message: 'No.', errorType: 'Lambda:Unhandled', data: { id: 't1' } }]);
  });

  it('should ask for a batch where it has a batch size, and take its part of the answer apart', async () => {
    const answers = [{ data: { id: 't1', title: 'Roof' } }, { errorMessage: 'No.', errorType: 'Refused', data: null }];
    const seen: unknown[] = [];
    const results = [];
    for (const answer of answers) {
      results.push(
        await run(
          {
            answer: (document) => {
              seen.push(document['operation']);
              return answer;
            },
          },
          { maxBatchSize: 10 },
        ),
      );
    }
    expect(seen).toEqual(['BatchInvoke', 'BatchInvoke']);
    expect(results).toMatchObject([
      { data: { task: { id: 't1', second: 'Roof' } }, errors: [] },
      { data: { task: null }, errors: [{ message: 'No.', errorType: 'Refused' }] },
    ]);
  });

  it('should run the template that it has', async () => {
    const response = '{"id": "$ctx.result.id", "title": "from the template"}';
    expect((await run({ answer: () => ({ id: 't1' }), response })).data).toEqual({
      task: { id: 't1', second: 'from the template' },
    });
    const request = '{"operation": "Invoke", "payload": "$ctx.args.id"}';
    expect((await run({ answer: ({ payload }) => ({ id: payload }), request })).data).toEqual({
      task: { id: 't1', second: null },
    });
  });
});
