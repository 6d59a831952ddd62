import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { apiKey, startApi } from './start-api.js';
import type { Api } from './start-api.js';

const handlers = (body: string) => `import { extensions } from '@aws-appsync/utils';
export function request(ctx) {
  console.log('the request handler runs');
  return { payload: ctx.args };
}
export function response(ctx) {
  ${body}
  return 'done';
}
`;

const files = {
  'starling.yaml': `name: rights
authenticationType: API_KEY
apiKeys: [{ id: default, key: "\${STARLING_API_KEY}" }]
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig: { userPoolId: "\${COGNITO_USER_POOL_ID}", awsRegion: us-west-2 }
dataSources:
  - { name: Local, type: NONE }
resolvers:
  - { typeName: Mutation, fieldName: unsubscribe, dataSourceName: Local }
  - { typeName: Mutation, fieldName: unsubscribeAll, dataSourceName: Local }
  - { typeName: Mutation, fieldName: unsubscribeUnknown, dataSourceName: Local }
`,
  'schema.graphql': `
type Query @aws_api_key @aws_cognito_user_pools { ping: String }
type Mutation {
  unsubscribe(email: String, seconds: Int): String
    @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"]) @aws_api_key
  unsubscribeAll(emails: [String!]!): String @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"])
  unsubscribeUnknown: String @aws_api_key
  done: String @aws_api_key
}
type Subscription @aws_api_key @aws_cognito_user_pools { onDone: String @aws_subscribe(mutations: ["done"]) }
`,
  'resolvers/Mutation.unsubscribe.js': handlers(`extensions.invalidateSubscriptions({
    subscriptionField: 'onDone', payload: { email: ctx.args.email }, sticky: ctx.args.seconds });`),
  'resolvers/Mutation.unsubscribeAll.js': handlers(`for (const email of ctx.args.emails) {
    extensions.invalidateSubscriptions({ subscriptionField: 'onDone', payload: { email } });
  }`),
  'resolvers/Mutation.unsubscribeUnknown.js': handlers(
    "extensions.invalidateSubscriptions({ subscriptionField: 'onDoen', payload: { email: 'a' } });",
  ),
};

let dir: string;
let issuer: TokenIssuer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'starling-api-'));
  await mkdir(join(dir, 'resolvers'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  issuer = await startTokenIssuer();
});
afterAll(async () => {
  await issuer.stop();
  await rm(dir, { recursive: true });
});

let api: Api;
beforeEach(async () => {
  api = await startApi({ dir, issuer });
  return () => api.stop();
});

const managers = ['ManagerGroup'];
const askAs = async (username: string, groups: readonly string[], query: string) =>
  api.ask(query, { headers: { authorization: await issuer.idToken({ username, groups }) } });

const parsed = () => api.records.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
const audits = () => parsed().filter(({ audit }) => audit === true);

describe('who invalidates subscriptions', () => {
  it('should be recorded, with the request and without the payload', async () => {
    const { headers } = await askAs('janed', managers, 'mutation { unsubscribe(email: "jdoe@myemail.com") }');
    const requestId = headers.get('x-amzn-requestid');
    expect(audits()).toMatchObject([
      {
        level: 30,
        msg: 'A mutation invalidates subscriptions',
        action: 'invalidateSubscriptions',
        mode: 'AMAZON_COGNITO_USER_POOLS',
        subject: expect.stringMatching(/./) as string,
        username: 'janed',
        sourceIp: ['127.0.0.1'],
        resolver: 'Mutation.unsubscribe',
        subscriptionField: 'onDone',
        payloadKeys: ['email'],
        sticky: null,
        invalidations: 1,
        publish: 'appended',
      },
    ]);
    const [entry] = await api.entries();
    expect(audits()[0]!.requestId).toBe((entry as { requestId?: string }).requestId);
    expect(audits()[0]!.requestId).toBe(requestId);
    expect(api.records.join('')).not.toContain('jdoe@myemail.com');
  });

  it('should be recorded as nobody for an API key, which names nobody', async () => {
    await api.ask('mutation { unsubscribe(email: "jdoe@myemail.com", seconds: 300) }');
    expect(audits()).toMatchObject([{ mode: 'API_KEY', subject: null, username: null, sticky: 300 }]);
    expect(await api.entries()).toMatchObject([{ subscriptionField: 'onDone', stickySeconds: 300 }]);
    expect(api.records.join('')).not.toContain(apiKey);
  });

  it('should be recorded once for each invalidation', async () => {
    await askAs('janed', managers, 'mutation { unsubscribeAll(emails: ["a", "b", "c"]) }');
    expect(audits().map(({ invalidations, payloadKeys }) => [invalidations, payloadKeys])).toEqual(
      Array.from({ length: 3 }, () => [3, ['email']]),
    );
    expect(await api.entries()).toHaveLength(3);
  });

  it('should not be recorded when no subscription has that name', async () => {
    expect((await api.ask('mutation { unsubscribeUnknown }')).body).toEqual({ data: { unsubscribeUnknown: 'done' } });
    expect(audits()).toEqual([]);
    expect(await api.entries()).toEqual([]);
  });
});

describe('an invalidation that is not to be', () => {
  it('should be refused to who may not call the mutation, before its handler runs', async () => {
    const query = 'mutation { unsubscribe(email: "jdoe@myemail.com") }';
    const { status, body } = await askAs('jdoe', ['EmployeeGroup'], query);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { unsubscribe: null },
      errors: [
        {
          path: ['unsubscribe'],
          errorType: 'Unauthorized',
          message: 'Not Authorized to access unsubscribe on type Mutation',
        },
      ],
    });
    expect(await api.entries()).toEqual([]);
    expect(audits()).toEqual([]);
    expect(api.records.join('')).not.toContain('the request handler runs');
    // So that the line above can fail.
    await askAs('janed', managers, query);
    expect(api.records.join('')).toContain('the request handler runs');
  });

  it('should be refused from the sixth of a request on, and end none of the handler that asked', async () => {
    const { body } = await askAs('janed', managers, 'mutation { unsubscribeAll(emails: ["1","2","3","4","5","6"]) }');
    expect(body).toMatchObject({
      data: { unsubscribeAll: null },
      errors: [
        {
          errorType: 'Code',
          message: expect.stringContaining(
            'A request may invalidate subscriptions at most 5 times with different arguments.',
          ) as string,
        },
      ],
    });
    expect(await api.entries()).toEqual([]);
    expect(audits()).toEqual([]);
  });

  it.each(['0', '-5', '86401'])('should be refused for a sticky time of %s seconds', async (seconds) => {
    const { body } = await api.ask(`mutation { unsubscribe(email: "a", seconds: ${seconds}) }`);
    expect(body).toMatchObject({
      errors: [{ message: expect.stringContaining('whole number of seconds from 1 to 86400') as string }],
    });
    expect(await api.entries()).toEqual([]);
  });
});
