import { describe, expect, it } from 'vitest';
import { toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun, evaluate } from './fixtures.js';

/** The templates of the article on enhanced subscription filters, character for character. */
const createTaskRequest = `## Request Mapping Template - createTask mutation

{
    "version" : "2017-02-28",
    "operation" : "PutItem",
    "key" : {
        "id": $util.dynamodb.toDynamoDBJson($util.autoId()),
    },
    "attributeValues" : $util.dynamodb.toMapValuesJson($ctx.args)
}`;

const highPriorityFilter = `$extensions.setSubscriptionFilter({
    "filterGroup": [
        {
           "filters" : [
                {
                    "fieldName" : "priority",
                    "operator" : "eq",
                    "value" : "high"
                },
                {
                    "fieldName" : "classification",
                    "operator" : "ge",
                    "value" : 7
                },
                {
                    "fieldName" : "department",
                    "operator" : "eq",
                    "value" : "engineering"
                }
           ]
           
        }
    ]
})
`;

const clientFilterResponse = `## Response Mapping Template - onHightPriorityEngineeringTaskCreated subscription

$extensions.setSubscriptionFilter($util.transform.toSubscriptionFilter($util.parseJson($ctx.args.filter)))

$util.toJson($context.result)`;

const unsubscribeRequest = `## Request Mapping Template - unsubscribe mutation

{
    "version": "2017-02-28",
    "payload": {
        "email": "\${context.arguments.email}"
    }
}`;

const unsubscribeResponse = `## Response Mapping Template - unsubscibe mutation

$extensions.invalidateSubscriptions({
        "subscriptionField": "onHightPriorityEngineeringTaskCreated",
        "payload": {
                "email": $context.arguments.email
        }
    })    
$util.toJson($context.result)`;

const invalidationFilter = `
$extensions.setSubscriptionInvalidationFilter({
    "filterGroup": [
        {
           "filters" : [
                {
                    "fieldName" : "email",
                    "operator" : "eq",
                    "value" : $context.identity.claims.email
                }
           ]
        }
    ]
})

$util.toJson($context.result)`;

const highPriorityGroup = {
  filterGroup: [
    {
      filters: [
        { fieldName: 'priority', operator: 'eq', value: 'high' },
        { fieldName: 'classification', operator: 'ge', value: 7 },
        { fieldName: 'department', operator: 'eq', value: 'engineering' },
      ],
    },
  ],
};

function withArgs(args: unknown) {
  return createContext({ args: toValue(args) as ValueMap });
}

describe('the templates of the tasks API', () => {
  it('should make a PutItem of a new task', () => {
    const ctx = withArgs({ title: 'High Priority Task', priority: 'high', classification: 8, description: null });
    expect(evaluate(createTaskRequest, ctx, createRun({ phase: 'request' }))).toEqual({
      version: '2017-02-28',
      operation: 'PutItem',
      key: { id: { S: '88888888-8888-4888-8888-888888888888' } },
      attributeValues: {
        title: { S: 'High Priority Task' },
        priority: { S: 'high' },
        classification: { N: 8 },
        description: { NULL: null },
      },
    });
  });

  it('should set the filter and the invalidation filter of a subscription', () => {
    const run = createRun({ operation: 'subscription' });
    const value = evaluate(
      `## Response Mapping Template\n\n${highPriorityFilter}${invalidationFilter}`,
      createContext(),
      run,
    );
    expect(value).toBeNull();
    expect(run.effects.subscriptionFilter).toEqual(highPriorityGroup);
    expect(run.effects.subscriptionInvalidationFilter).toEqual({
      filterGroup: [{ filters: [{ fieldName: 'email', operator: 'eq', value: 'jdoe@myemail.com' }] }],
    });
  });

  it.each(['{"classification":{"le":2}}', '[{"classification":{"le":2}}]'])(
    'should set the filter that a client sends as %s',
    (filter) => {
      const run = createRun({ operation: 'subscription' });
      evaluate(clientFilterResponse, withArgs({ filter }), run);
      expect(run.effects.subscriptionFilter).toEqual({
        filterGroup: [{ filters: [{ fieldName: 'classification', operator: 'le', value: 2 }] }],
      });
    },
  );

  it('should hand the email of the user to unsubscribe to the data source', () => {
    const document = evaluate(
      unsubscribeRequest,
      withArgs({ email: 'jdoe@myemail.com' }),
      createRun({ phase: 'request' }),
    );
    expect(document).toEqual({ version: '2017-02-28', payload: { email: 'jdoe@myemail.com' } });
  });

  it('should ask for the invalidation of the subscriptions of that user', () => {
    const run = createRun();
    const ctx = { ...withArgs({ email: 'jdoe@myemail.com' }), result: toValue({ email: 'jdoe@myemail.com' }) };
    expect(evaluate(unsubscribeResponse, ctx, run)).toEqual({ email: 'jdoe@myemail.com' });
    expect(run.effects.invalidations).toEqual([
      {
        subscriptionField: 'onHightPriorityEngineeringTaskCreated',
        payload: { email: 'jdoe@myemail.com' },
        stickySeconds: null,
      },
    ]);
  });
});

describe('the templates of the boards API', () => {
  it('should scan the table of tasks and list what it gives', () => {
    expect(evaluate('{\n  "version": "2017-02-28",\n  "operation": "Scan"\n}')).toEqual({
      version: '2017-02-28',
      operation: 'Scan',
    });
    const ctx = createContext({ result: toValue({ items: [{ id: '1', boardId: 'b1' }], nextToken: null }) });
    expect(evaluate('$util.toJson($ctx.result.items)', ctx)).toEqual([{ id: '1', boardId: 'b1' }]);
  });
});
