import { describe, expect, it } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../../test/define-api.js';
import type { ResolverCase } from '../../test/define-api.js';
import { execute } from '../../test/execute.js';

const sdl = /* GraphQL */ `
  type Query {
    task(id: ID): Task
  }
  type Mutation {
    unsubscribe(email: String): Task
  }
  type Subscription {
    onTask: Task @aws_subscribe(mutations: ["unsubscribe"])
  }
  type Task {
    id: ID
  }
`;

interface Logged {
  readonly level: string;
  readonly message: string;
  readonly details: Record<string, unknown> | undefined;
}

/** Executes an operation of an API with one resolver; answers what was logged as well. */
async function run(name: string, resolver: ResolverCase, text: string) {
  const logged: Logged[] = [];
  const api = await defineApi({ sdl, resolvers: { [name]: resolver } });
  const executed = await execute(api, text, {
    log: (level, message, details) => logged.push({ level, message, details }),
  });
  return { ...executed, logged };
}

const request = '{"version": "2017-02-28", "payload": null}';

describe('what resolvers report', () => {
  it('should log what a data source said and the client is not told', async () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:8000');
    const answer = () => {
      throw new FieldError('The request could not be carried out.', 'DynamoDB:SdkClientException', null, null, {
        cause,
      });
    };
    const { errors, logged } = await run('Query.task', { request, answer, response: '{}' }, '{ task { id } }');
    expect(JSON.stringify(errors)).not.toContain('ECONNREFUSED');
    expect(logged).toEqual([
      {
        level: 'warn',
        message: 'A data source failed',
        details: {
          resolver: 'Query.task',
          requestId: 'request-1',
          dataSource: expect.any(String) as string,
          err: cause,
        },
      },
    ]);
  });

  it('should not log a refusal that the client is told in full', async () => {
    const answer = () => {
      throw new FieldError(
        'The conditional request failed (…)',
        'DynamoDB:ConditionalCheckFailedException',
        null,
        null,
        {
          cause: new Error('The conditional request failed'),
        },
      );
    };
    expect((await run('Query.task', { request, answer, response: '{}' }, '{ task { id } }')).logged).toEqual([]);
  });

  it('should log which handler rendered what cannot be read', async () => {
    const { logged } = await run(
      'Query.task',
      { request, answer: () => ({}), response: '{"id": $utl.autoId()}' },
      '{ task { id } }',
    );
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: 'warn', details: { resolver: 'Query.task' } });
    expect(logged[0]!.message).toMatch(/^The response handler failed: /);
  });

  it('should log an invalidation that names no subscription, and append none', async () => {
    const response =
      '$extensions.invalidateSubscriptions({"subscriptionField": "onTsk", "payload": {"email": "a"}})null';
    const text = 'mutation { unsubscribe { id } }';
    const { entries, logged } = await run('Mutation.unsubscribe', { request, answer: () => ({}), response }, text);
    expect(entries).toEqual([]);
    expect(logged.map(({ message }) => message)).toEqual([
      'invalidateSubscriptions names "onTsk", which is no subscription of this API',
    ]);
  });
});

describe("a subscription's response handler", () => {
  it('should run although the data source answers null in version 2017-02-28, because it sets the filter', async () => {
    const response = '$util.error("refused")';
    const { errors } = await run(
      'Subscription.onTask',
      { request, answer: () => null, response },
      'subscription { onTask { id } }',
    );
    expect(errors.map(({ message }) => message)).toEqual(['refused']);
  });
});
