import { describe, expect, it, vi } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import type { ResolverCase } from '../../test/define-api.js';
import { execute, user } from '../../test/execute.js';
import type { Request } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  type Task @aws_api_key @aws_cognito_user_pools {
    id: ID
    title: String
    owner: User
    parent: Task
    note: String
    salary: Int @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"])
  }
  type User @aws_api_key @aws_cognito_user_pools {
    name: String
    email: String
  }
  type Query @aws_api_key @aws_cognito_user_pools {
    task(id: ID): Task
    tasks: [Task]
    show(id: ID): AWSJSON
  }
  type Mutation @aws_api_key @aws_cognito_user_pools {
    unsubscribe(emails: [String], again: Boolean): Int
  }
  type Subscription @aws_api_key @aws_cognito_user_pools {
    onTask: Int @aws_subscribe(mutations: ["unsubscribe"])
  }
`;

/** Executes an operation of an API whose only resolver is this one, of `Query.task` unless told otherwise. */
const run = async (
  resolver: ResolverCase,
  text = '{ task(id: 7) { id title } }',
  request?: Request,
  name = 'Query.task',
) =>
  execute(
    await defineApi({ sdl, resolvers: { [name]: resolver }, environmentVariables: { STAGE: 'test' } }),
    text,
    request,
  );

const refusing =
  (data: unknown = null) =>
  () => {
    throw new FieldError('The condition failed.', 'DynamoDB:ConditionalCheckFailedException', data);
  };

const document = (version: string) => `{"version": "${version}", "payload": {}}`;

describe('a null result', () => {
  const response = '{"id": "from the template"}';

  it('should end the field without the response template in version 2017-02-28', async () => {
    const { data } = await run({ request: document('2017-02-28'), answer: () => null, response });
    expect(data).toEqual({ task: null });
  });

  it('should go through the response template in version 2018-05-29', async () => {
    const { data } = await run({ request: document('2018-05-29'), answer: () => null, response });
    expect(data).toEqual({ task: { id: 'from the template', title: null } });
  });
});

describe('an error of the data source', () => {
  const errorType = 'DynamoDB:ConditionalCheckFailedException';

  it('should fail the field with what the response template gives for data in version 2017-02-28', async () => {
    const { data, errors } = await run({
      request: document('2017-02-28'),
      answer: refusing({ id: 't1', title: 'Roof' }),
      response: '{"id": "$ctx.result.id", "title": "shown"}',
    });
    expect(data).toEqual({ task: null });
    expect(errors).toMatchObject([
      { path: ['task'], message: 'The condition failed.', errorType, data: { id: 't1', title: 'shown' } },
    ]);
  });

  it('should be left to the response template in version 2018-05-29', async () => {
    const { data, errors } = await run({
      request: document('2018-05-29'),
      answer: refusing({ id: 't1' }),
      response: '{"id": "$ctx.result.id", "title": "$ctx.error.message $ctx.error.type"}',
    });
    expect(data).toEqual({ task: { id: 't1', title: `The condition failed. ${errorType}` } });
    expect(errors).toEqual([]);
  });

  it('should fail the field when the response template raises it again', async () => {
    const { data, errors } = await run({
      answer: refusing({ id: 't1', title: 'Roof', note: 'not selected' }),
      response: '$util.error($ctx.error.message, $ctx.error.type, $ctx.result, {"hint": "try again"})',
    });
    expect(data).toEqual({ task: null });
    expect(errors).toMatchObject([{ errorType, data: { id: 't1', title: 'Roof' }, errorInfo: { hint: 'try again' } }]);
    expect(errors[0]!.data).not.toHaveProperty('note');
  });

  it('should leave ctx.error null when there is none', async () => {
    const { data } = await run({ answer: () => ({}), response: '{"id": "#if($ctx.error)error#{else}none#end"}' });
    expect(data).toEqual({ task: { id: 'none', title: null } });
  });
});

describe('the data of an error', () => {
  const stored = {
    id: 't1',
    title: 'Roof',
    salary: 5000,
    owner: { name: 'jdoe', email: 'jdoe@example.com' },
    parent: { id: 't0', salary: 1 },
    secret: 'of no field',
  };
  const response = '$util.error("No", "Refused", $ctx.result)';
  const dataOf = async (selection: string, request?: Request, answer: () => unknown = () => stored) =>
    (await run({ answer, response }, `{ task { ${selection} } }`, request)).errors.find(({ errorType }) => errorType)
      ?.data;

  it('should be cut to the selection set, under field names', async () => {
    expect(await dataOf('key: id owner { name } ... on Task { parent { id } }')).toEqual({
      id: 't1',
      owner: { name: 'jdoe' },
      parent: { id: 't0' },
    });
  });

  it('should be without the fields that the identity may not read', async () => {
    const selection = 'id salary parent { salary }';
    expect(await dataOf(selection)).toEqual({ id: 't1', parent: {} });
    expect(await dataOf(selection, { identity: user('jdoe', 'EmployeeGroup') })).toEqual({ id: 't1', parent: {} });
    expect(await dataOf(selection, { identity: user('janed', 'ManagerGroup') })).toEqual({
      id: 't1',
      salary: 5000,
      parent: { salary: 1 },
    });
  });

  it('should be null when it is no object of the field’s type', async () => {
    expect(await dataOf('id', {}, () => 'secret')).toBeNull();
  });

  it('should be a list for a list', async () => {
    const { errors } = await run({ answer: () => [stored, null], response }, '{ tasks { id } }', {}, 'Query.tasks');
    expect(errors).toMatchObject([{ data: [{ id: 't1' }, null] }]);
  });

  it('should stay whole for a field without a selection set', async () => {
    const { errors } = await run({ answer: () => stored, response }, '{ show }', {}, 'Query.show');
    expect(errors).toMatchObject([{ data: stored }]);
  });

  it('should be cut in appended errors as well', async () => {
    const { errors, data } = await run({
      answer: () => stored,
      response: '$util.appendError("No", "Refused", $ctx.result){"id": "t1"}',
    });
    expect(data).toEqual({ task: { id: 't1', title: null } });
    expect(errors).toMatchObject([{ data: { id: 't1', title: 'Roof' } }]);
    expect(errors[0]!.data).not.toHaveProperty('secret');
  });
});

describe('#return in a request template', () => {
  it('should be the field’s value, without data source and response template', async () => {
    const answer = vi.fn();
    const { data } = await run({ request: '#return({"id": "early"})', answer, response: '{"id": "late"}' });
    expect(data).toEqual({ task: { id: 'early', title: null } });
    expect(answer).not.toHaveBeenCalled();
  });

  it('should be null without a value', async () => {
    expect((await run({ request: '#return' })).data).toEqual({ task: null });
  });
});

describe('a request template', () => {
  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"GetItem"'],
  ])('should be refused when it renders %s', async (_what, request) => {
    const { errors } = await run({ request });
    expect(errors).toMatchObject([
      { errorType: 'MappingTemplate', message: 'The request mapping template must render a JSON object.' },
    ]);
  });

  it('should see arguments, source, identity, headers without cookies, variables and environment', async () => {
    const request = `{"version": "2018-05-29", "payload": {
      "args": $util.toJson($ctx.args), "identity": $util.toJson($ctx.identity), "headers": $util.toJson($ctx.request.headers),
      "domain": $util.toJson($ctx.request.domainName), "info": $util.toJson($ctx.info), "env": $util.toJson($ctx.env),
      "authType": "$util.authType()"}}`;
    const { data } = await run(
      { request },
      'query ($id: ID) { show(id: $id) }',
      {
        variables: { id: 't1' },
        identity: user('jdoe', 'ManagerGroup'),
        headers: { 'x-trace': 'abc', via: ['a', 'b'], cookie: 'session=secret' },
      },
      'Query.show',
    );
    expect(JSON.parse((data as { show: string }).show)).toEqual({
      args: { id: 't1' },
      identity: { username: 'jdoe', groups: ['ManagerGroup'] },
      headers: { 'x-trace': 'abc', via: ['a', 'b'] },
      domain: null,
      info: { fieldName: 'show', parentTypeName: 'Query', variables: { id: 't1' } },
      env: { STAGE: 'test' },
      authType: 'User Pool Authorization',
    });
  });

  it('should see its parent in a nested field', async () => {
    const api = await defineApi({
      sdl,
      resolvers: {
        'Query.task': { answer: () => ({ id: 't1', note: 'stored' }) },
        'Task.note': { request: '{"payload": "$ctx.source.id: $ctx.source.note"}' },
      },
    });
    expect((await execute(api, '{ task { note } }')).data).toEqual({ task: { note: 't1: stored' } });
  });
});

describe('util.appendError', () => {
  it('should keep the value and name the path and place of its field', async () => {
    const { data, errors } = await run(
      { response: '$util.appendError("Soon gone", "Deprecated")$util.toJson($ctx.result)' },
      '{\n  first: task(id: 7) { id }\n}',
    );
    expect(data).toEqual({ first: { id: '7' } });
    expect(errors).toEqual([
      {
        path: ['first'],
        data: null,
        errorType: 'Deprecated',
        errorInfo: null,
        locations: [{ line: 2, column: 3, sourceName: null }],
        message: 'Soon gone',
      },
    ]);
  });

  it('should keep the error when the handler fails afterwards', async () => {
    const { errors } = await run({ response: '$util.appendError("First")$util.error("Then")' });
    expect(errors.map(({ message }) => message)).toEqual(['Then', 'First']);
  });

  it('should name the item of a list', async () => {
    const api = await defineApi({
      sdl,
      resolvers: {
        'Query.tasks': { answer: () => [{ id: 't1' }, { id: 't2' }] },
        'Task.note': { response: '#if($ctx.source.id == "t2")$util.appendError("Lost")#end"note"' },
      },
    });
    const { errors } = await execute(api, '{ tasks { note } }');
    expect(errors).toMatchObject([{ path: ['tasks', 1, 'note'], message: 'Lost' }]);
  });
});

describe('invalidations', () => {
  const response = `#foreach($email in $ctx.args.emails)
    $extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": {"email": $email}})
  #end 1`;
  const unsubscribe = (text: string) => run({ response }, `mutation { ${text} }`, {}, 'Mutation.unsubscribe');
  const field = (key: string, ...emails: string[]) => `${key}: unsubscribe(emails: ${JSON.stringify(emails)})`;

  it('should be five at most in a request, whatever fields ask for them', async () => {
    const { data, errors, entries } = await unsubscribe(`${field('a', 'a', 'b', 'c')} ${field('b', 'd', 'e', 'f')}`);
    expect(data).toEqual({ a: 1, b: null });
    expect(errors).toMatchObject([{ path: ['b'], errorType: 'MappingTemplate' }]);
    expect(entries.map(({ payload }) => payload)).toEqual([{ email: 'a' }, { email: 'b' }, { email: 'c' }, 1]);
  });

  it('should count once when they are the same', async () => {
    const { errors, entries } = await unsubscribe(
      `${field('a', 'a', 'b', 'c', 'd', 'e')} ${field('b', 'e', 'd', 'c', 'b', 'a')}`,
    );
    expect(errors).toEqual([]);
    expect(entries.filter(({ kind }) => kind === 'invalidation')).toHaveLength(5);
  });
});

describe('an exception of a data source that is no FieldError', () => {
  it('should not reach the response template, in either version', async () => {
    for (const version of ['2017-02-28', '2018-05-29']) {
      const answer = () => {
        throw new TypeError('secret');
      };
      const { errors } = await run({ request: document(version), answer, response: '{"id": "$ctx.error.message"}' });
      expect(errors).toMatchObject([{ errorType: 'InternalFailure' }]);
      expect(JSON.stringify(errors)).not.toContain('secret');
    }
  });
});
