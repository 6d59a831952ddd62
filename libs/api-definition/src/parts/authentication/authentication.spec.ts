import { describe, expect, it } from 'vitest';
import { load, settingsWith } from '../../../test/definition-files.js';
import type { Files } from '../../../test/definition-files.js';

const withKey = 'authenticationType: API_KEY\napiKeys:\n  - { id: default, key: secret }\n';
const arn = 'arn:aws:lambda:us-west-2:123456789012:function:authorizer';

/** A definition with these lines in place of its API key, and a module that can decide. */
function withMode(lines: string): Files {
  return { ...settingsWith(withKey, `${lines}\n`), 'functions/authorizer.mjs': 'export const handler = () => ({});' };
}

const iam = { authenticationType: 'AWS_IAM' };
const openId = (config: object) => ({ authenticationType: 'OPENID_CONNECT', openIDConnectConfig: config });
const lambda = (config: object) => ({ authenticationType: 'AWS_LAMBDA', lambdaAuthorizerConfig: config });

describe('the default mode', () => {
  it.each<[string, string, object]>([
    ['AWS_IAM', 'authenticationType: AWS_IAM', iam],
    [
      'OPENID_CONNECT with all that it takes',
      'authenticationType: OPENID_CONNECT\nopenIDConnectConfig: { issuer: "https://login.example.com/", clientId: web|mobile, iatTTL: 3600000, authTTL: 60000 }',
      openId({ issuer: 'https://login.example.com/', clientId: 'web|mobile', iatTtlMs: 3_600_000, authTtlMs: 60_000 }),
    ],
    [
      'OPENID_CONNECT with 0 for no time to live, as CloudFormation exports it',
      'authenticationType: OPENID_CONNECT\nopenIDConnectConfig: { issuer: "http://localhost:9000", iatTTL: 0, authTTL: 0 }',
      openId({ issuer: 'http://localhost:9000', clientId: null, iatTtlMs: null, authTtlMs: null }),
    ],
    [
      'AWS_LAMBDA on AWS',
      `authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig: { authorizerUri: "${arn}:live", authorizerResultTtlInSeconds: 3600, identityValidationExpression: "^Bearer .+" }`,
      lambda({
        authorizer: { lambdaFunctionArn: `${arn}:live` },
        authorizerResultTtlInSeconds: 3600,
        identityValidationExpression: '^Bearer .+',
      }),
    ],
    [
      'AWS_LAMBDA behind an address',
      'authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig: { authorizerUri: "http://authorizer:8080/decide", headers: { x-secret: abc } }',
      lambda({
        authorizer: { url: 'http://authorizer:8080/decide', headers: { 'x-secret': 'abc' } },
        authorizerResultTtlInSeconds: 0,
        identityValidationExpression: null,
      }),
    ],
    [
      'AWS_LAMBDA as a module',
      'authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig: { authorizerUri: ./functions/authorizer.mjs, environmentVariables: { STAGE: test } }',
      lambda({
        authorizer: {
          handlerPath: expect.stringMatching(/^\/.*\/functions\/authorizer\.mjs$/) as unknown,
          environmentVariables: { STAGE: 'test' },
        },
        authorizerResultTtlInSeconds: 0,
        identityValidationExpression: null,
      }),
    ],
  ])('should be read for %s', async (_what, lines, provider) => {
    const { authentication } = await load(withMode(lines));

    expect(authentication).toEqual({ default: provider, additional: [] });
  });
});

it('should take all five modes at once, several user pools and issuers among them', async () => {
  const pool = (id: string) =>
    `  - { authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: { userPoolId: us-west-2_${id}, awsRegion: us-west-2 } }`;
  const issuer = (host: string) =>
    `  - { authenticationType: OPENID_CONNECT, openIDConnectConfig: { issuer: "https://${host}" } }`;
  const { authentication } = await load(
    withMode(
      [
        `${withKey}additionalAuthenticationProviders:`,
        '  - { authenticationType: AWS_IAM }',
        pool('a'),
        pool('b'),
        issuer('login.example.com'),
        issuer('login.example.org'),
        `  - { authenticationType: AWS_LAMBDA, lambdaAuthorizerConfig: { authorizerUri: "${arn}" } }`,
      ].join('\n'),
    ),
  );

  expect(authentication.default).toMatchObject({ authenticationType: 'API_KEY', apiKeys: [{ key: 'secret' }] });
  expect(authentication.additional).toMatchObject([
    { authenticationType: 'AWS_IAM' },
    { userPoolConfig: { userPoolId: 'us-west-2_a' } },
    { userPoolConfig: { userPoolId: 'us-west-2_b' } },
    { openIDConnectConfig: { issuer: 'https://login.example.com' } },
    { openIDConnectConfig: { issuer: 'https://login.example.org' } },
    { lambdaAuthorizerConfig: { authorizer: { lambdaFunctionArn: arn } } },
  ]);
});

it('should warn of an API key that has expired', async () => {
  const definition = await load(
    settingsWith('key: secret }', 'key: secret, expires: 2024-01-31 }\n  - { id: next, key: b, expires: 2999-01-31 }'),
  );

  expect(definition.warnings).toEqual([
    {
      file: 'starling.yaml',
      line: 4,
      column: 42,
      message: 'The API key "default" lets nobody in: it expired at 2024-01-31T00:00:00.000Z',
      hint: 'Give it a later "expires", or remove it',
    },
  ]);
});
