import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator, Identity } from '#libs/identity';
import { protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';

const api = {
  'starling.yaml': `
name: rights
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig: { authorizerUri: "arn:aws:lambda:us-west-2:123456789012:function:authorise" }
dataSources: [{ name: Local, type: NONE }]
resolvers: [{ typeName: Subscription, fieldName: onSearched, dataSourceName: Local }]
`,
  'schema.graphql': `
type Task @aws_iam @aws_lambda { id: ID! title: String estimate: Int assignee: User }
type User @aws_iam @aws_lambda { name: String! email: String @aws_iam }
type Query @aws_iam @aws_lambda { task: Task }
type Mutation @aws_iam @aws_lambda { createTask: Task find: Found }
type Subscription @aws_iam @aws_lambda {
  onTask: Task @aws_subscribe(mutations: ["createTask"])
  onBudget: Task @aws_subscribe(mutations: ["createTask"])
  onEstimate(estimate: Int, title: String = "Fix the roof"): Task @aws_subscribe(mutations: ["createTask"])
  onAssigned(assignee: UserInput): Task @aws_subscribe(mutations: ["createTask"])
  onFound(estimate: Int): Found @aws_subscribe(mutations: ["find"])
  onSearched(estimate: Int): Task @aws_subscribe(mutations: ["createTask"])
}
input UserInput { name: String! }
union Found = User | Task
`,
  'resolvers/Subscription.onSearched.request.vtl': '{"version": "2018-05-29", "payload": null}',
  'resolvers/Subscription.onSearched.response.vtl': `
$extensions.setSubscriptionFilter({"filterGroup": [{"filters": [{"fieldName": "id", "operator": "eq", "value": "t1"}]}]})
null
`,
};

/** Whom the credentials name, and what they exclude: what the verifiers make of a policy and of `deniedFields`. */
const people: Readonly<
  Record<string, { readonly mode: 'AWS_IAM' | 'AWS_LAMBDA'; readonly denied: readonly string[] }>
> = {
  signer: { mode: 'AWS_IAM', denied: [] },
  limitedSigner: { mode: 'AWS_IAM', denied: ['Task.estimate', 'Subscription.onBudget'] },
  caller: { mode: 'AWS_LAMBDA', denied: [] },
  limitedCaller: { mode: 'AWS_LAMBDA', denied: ['Task.title', 'User.name'] },
};

/** Stands in for the verifiers, whose tests show that they fill `allowsField`. */
const authenticator: Authenticator = {
  async authenticate({ headers }): Promise<Identity> {
    const { mode, denied } = people[headers['x-who'] as string]!;
    return {
      mode,
      authType: mode,
      context: {},
      groups: [],
      subject: null,
      expiresAtMs: null,
      allowsField: denied.length === 0 ? null : (type, field) => !denied.includes(`${type}.${field}`),
    };
  },
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ api, authenticator });
});
afterAll(() => gateway.stop());

const query = 'subscription { onTask { id title estimate assignee { name email } } }';
const assignee = { name: 'Jane', email: 'janed@myemail.com' };
const task = { id: 't1', title: 'Fix the roof', estimate: 5, assignee };

const denial = (type: string, field: string, ...path: string[]) => ({
  message: `Not Authorized to access ${field} on type ${type}`,
  path: ['onTask', ...path, field],
  errorType: 'Unauthorized',
});

/** What each of them gets of one and the same event. */
const deliveries = {
  signer: { data: { onTask: task } },
  limitedSigner: { data: { onTask: { ...task, estimate: null } }, errors: [denial('Task', 'estimate')] },
  caller: {
    data: { onTask: { ...task, assignee: { ...assignee, email: null } } },
    errors: [denial('User', 'email', 'assignee')],
  },
  // A name that may not be seen and must not be null takes its user with it.
  limitedCaller: {
    data: { onTask: { ...task, title: null, assignee: null } },
    errors: [denial('Task', 'title'), denial('User', 'name', 'assignee')],
  },
};

describe.each(protocols)('an event over $name', ({ connect }) => {
  it('should be cut for each to the fields that their credentials and the schema allow them', async () => {
    const clients = await Promise.all(
      Object.keys(deliveries).map(async (who) => [who, await connect(gateway, { 'x-who': who })] as const),
    );
    // Twice each, so that members of a group stand between others.
    for (const id of ['first', 'second']) for (const [, client] of clients) await client.subscribe(id, query);
    await gateway.publish('createTask', task);
    for (const [who, client] of clients) {
      const expected = deliveries[who as keyof typeof deliveries];
      for (const id of ['first', 'second']) expect(await client.delivery(id), who).toEqual(expected);
    }
    for (const [, client] of clients) for (const id of ['first', 'second']) await client.stop(id);
  });

  it('should not be subscribed to through a field that the credentials exclude', async () => {
    const client = await connect(gateway, { 'x-who': 'limitedSigner' });
    expect(await client.refusalOf('s1', 'subscription { onBudget { id } }')).toMatchObject([
      { errorType: 'Unauthorized', message: 'Not Authorized to access onBudget on type Subscription' },
    ]);
    const other = await connect(gateway, { 'x-who': 'signer' });
    await other.subscribe('s1', 'subscription { onBudget { id } }');
    await other.stop('s1');
  });
  it.each([
    ['limitedSigner', 'subscription { onEstimate(estimate: 5) { id } }', 'estimate'],
    ['limitedSigner', 'subscription ($unset: Int) { onEstimate(estimate: $unset) { id } }', 'estimate'],
    ['limitedSigner', 'subscription { onFound(estimate: 5) { __typename } }', 'estimate'],
    ['limitedCaller', 'subscription { onAssigned(assignee: { name: "Jane" }) { id } }', 'name', 'User'],
    // By its default.
    ['limitedCaller', 'subscription { onEstimate { id } }', 'title'],
  ])('should not be told apart by a field that %s may not see: %s', async (who, text, field, type = 'Task') => {
    const client = await connect(gateway, { 'x-who': who });
    expect(await client.refusalOf('s1', text)).toEqual([
      { errorType: 'Unauthorized', message: `Not Authorized to access ${field} on type ${type}` },
    ]);
  });

  it.each([
    ['signer', 'subscription { onEstimate(estimate: 5) { id } }'],
    ['limitedSigner', 'subscription { onEstimate { id } }'],
    // What a resolver filters by is for whoever wrote it to decide.
    ['limitedSigner', 'subscription { onSearched(estimate: 5) { id } }'],
  ])('should be told apart for %s by what they may see: %s', async (who, text) => {
    const client = await connect(gateway, { 'x-who': who });
    await client.subscribe('s1', text);
    await client.stop('s1');
  });
});
