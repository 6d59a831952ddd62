import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator, Identity } from '#libs/identity';
import { graphqlTransportWs, protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';

const api = {
  'starling.yaml': 'name: keys\nauthenticationType: AWS_IAM\ndataSources: []\n',
  'schema.graphql': `
type Task { id: ID! title: String }
type Query { task: Task }
type Mutation { createTask: Task }
type Subscription { onTask: Task @aws_subscribe(mutations: ["createTask"]) }
`,
};

/** What each access key excludes at the moment; one that is not there was withdrawn. */
let keys: Map<string, readonly string[]>;
beforeEach(() => {
  keys = new Map([
    ['backend', []],
    ['nightly', []],
  ]);
});

/** Stands in for the verifier of AWS_IAM, whose tests show that `current` follows the access file. */
function identityOf(key: string): Identity {
  const denied = keys.get(key)!;
  return {
    mode: 'AWS_IAM',
    authType: 'IAM Authorization',
    context: {},
    groups: [],
    subject: 'arn:aws:iam::111122223333:user/backend',
    expiresAtMs: null,
    allowsField: (type, field) => !denied.includes(`${type}.${field}`),
    current: () => (keys.has(key) ? identityOf(key) : null),
  };
}
const authenticator: Authenticator = { authenticate: async ({ headers }) => identityOf(headers['x-key']!) };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ api, authenticator });
});
afterAll(() => gateway.stop());

const query = 'subscription { onTask { id title } }';
const denial = [{ errorType: 'UnauthorizedException', message: 'Permission denied' }];

describe.each(protocols)('a subscription of an access key over $name', ({ connect }) => {
  it('should end when the key is withdrawn, and those of other keys go on', async () => {
    const withdrawn = await connect(gateway, { 'x-key': 'backend' });
    const other = await connect(gateway, { 'x-key': 'nightly' });
    for (const client of [withdrawn, other]) await client.subscribe('s1', query);
    keys.delete('backend');
    gateway.changeAccess();
    expect(await withdrawn.endOf('s1')).toMatchObject(denial);
    await gateway.publish('createTask', { id: 't1', title: 'Fix the roof' });
    expect(await other.delivery('s1')).toMatchObject({ data: { onTask: { id: 't1' } } });
    await other.stop('s1');
  });

  it('should end when the key may see less of it, and not when it loses something else', async () => {
    const narrowed = await connect(gateway, { 'x-key': 'backend' });
    const other = await connect(gateway, { 'x-key': 'nightly' });
    for (const client of [narrowed, other]) await client.subscribe('s1', query);
    keys.set('backend', ['Task.title']).set('nightly', ['Task.estimate']);
    gateway.changeAccess();
    expect(await narrowed.endOf('s1')).toMatchObject(denial);
    await gateway.publish('createTask', { id: 't1', title: 'Fix the roof' });
    expect(await other.delivery('s1')).toMatchObject({ data: { onTask: { id: 't1' } } });
    await other.stop('s1');
  });
});

describe('a connection of an access key', () => {
  it('should start no subscription after the key was withdrawn', async () => {
    const client = await graphqlTransportWs.connect(gateway, { 'x-key': 'backend' });
    keys.delete('backend');
    gateway.changeAccess();
    expect(await client.refusalOf('s1', query)).toMatchObject(denial);
  });
});
