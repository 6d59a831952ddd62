import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from './ask.js';
import { modes } from './modes.js';
import type { Mode } from './modes.js';
import { protocols } from './realtime.js';
import { startEveryMode } from './start-every-mode.js';
import type { EveryMode } from './start-every-mode.js';

let every: EveryMode;
beforeAll(async () => {
  every = await startEveryMode(inject('redisUrl'));
});
afterAll(() => every.stop());

const sourceIp = ['127.0.0.1'];
const claims = expect.objectContaining({
  sub: 'sub-of-guest',
  aud: 'boards-web',
  'cognito:username': 'guest',
}) as unknown;

/** `$ctx.identity` of the guests, to the letter (AppSync reference, section 6). */
const identities: Readonly<Record<Mode, () => unknown>> = {
  API_KEY: () => null,
  AWS_IAM: () => ({
    accountId: '111122223333',
    cognitoIdentityPoolId: null,
    cognitoIdentityId: null,
    sourceIp,
    username: 'guest',
    userArn: 'arn:aws:iam::111122223333:user/guest',
    cognitoIdentityAuthType: null,
    cognitoIdentityAuthProvider: null,
  }),
  AMAZON_COGNITO_USER_POOLS: () => ({
    sub: 'sub-of-guest',
    issuer: every.userPool.issuer,
    username: 'guest',
    claims,
    sourceIp,
    defaultAuthStrategy: 'ALLOW',
    groups: null,
  }),
  OPENID_CONNECT: () => ({ sub: 'sub-of-guest', issuer: every.issuer.issuer, claims, sourceIp }),
  AWS_LAMBDA: () => ({ resolverContext: { name: 'guest', level: 1 } }),
};

describe.each(modes)('$ctx.identity of $mode', ({ mode, authType }) => {
  it.each(['whoAmI', 'whoAmIInJs'])('should be that of the reference, as %s sees it', async (field) => {
    const { body } = await ask(every.graphqlUrl, every.guests[mode], `{ ${field} }`);
    const { data } = body as { data: Readonly<Record<string, string>> };
    expect(JSON.parse(data[field]!)).toEqual({ authType, identity: identities[mode]() });
  });

  it.each(protocols)('should be the same at the start of a subscription over $name', async (protocol) => {
    const line = await protocol.connect(every.realtimeUrl, every.guests[mode]);
    const answer = await line.start('1', 'subscription { onWhoAmI { id } }', async () => undefined);
    expect(answer).toMatchObject({
      errors: [{ errorType: 'Identity', errorInfo: { authType, identity: identities[mode]() } }],
    });
    await line.close();
  });
});

describe('$ctx.identity of a member of groups', () => {
  it('should have the groups, also of an access token', async () => {
    const { body } = await ask(every.graphqlUrl, every.members.AMAZON_COGNITO_USER_POOLS, '{ whoAmI }');
    const { data } = body as { data: { whoAmI: string } };
    expect(JSON.parse(data.whoAmI)).toMatchObject({ identity: { username: 'member', groups: ['admins'] } });
  });
});
