import { describe, expect, it } from 'vitest';
import { faultsLike, faultsOf, settingsWith } from '../../../test/definition-files.js';
import type { FaultCase, Files } from '../../../test/definition-files.js';

const cognito =
  'authenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig:\n  userPoolId: us-west-2_a\n  awsRegion: us-west-2\n';
const withKey = 'authenticationType: API_KEY\napiKeys:\n  - { id: default, key: secret }\n';

/** An API of API keys with these providers beside them, of which the first is on line 6. */
const withAdditional = (...providers: string[]): Files =>
  settingsWith(
    'dataSources:',
    `additionalAuthenticationProviders:\n${providers.map((one) => `  - ${one}\n`).join('')}dataSources:`,
  );
const openId = (config: string) => `{ authenticationType: OPENID_CONNECT, openIDConnectConfig: ${config} }`;
const lambda = (config: string) => `{ authenticationType: AWS_LAMBDA, lambdaAuthorizerConfig: ${config} }`;

const cases: readonly FaultCase[] = [
  {
    what: 'a mode that is none',
    files: settingsWith('authenticationType: API_KEY', 'authenticationType: AWS_IAN'),
    faults: ['starling.yaml:2:21  "authenticationType" does not take "AWS_IAN". Did you mean "AWS_IAM"?'],
  },
  {
    what: 'a user pool API without a pool',
    files: settingsWith(withKey, 'authenticationType: AMAZON_COGNITO_USER_POOLS\n'),
    faults: ['starling.yaml:1:1  "userPoolConfig" is missing. The Cognito user pool whose tokens are accepted.'],
  },
  {
    what: 'an OpenID Connect API without an issuer',
    files: settingsWith(withKey, 'authenticationType: OPENID_CONNECT\n'),
    faults: [
      'starling.yaml:1:1  "openIDConnectConfig" is missing. The OpenID Connect issuer whose tokens are accepted.',
    ],
  },
  {
    what: 'each config that is missing beside an additional mode',
    files: withAdditional(
      '{ authenticationType: AMAZON_COGNITO_USER_POOLS }',
      '{ authenticationType: OPENID_CONNECT }',
      '{ authenticationType: AWS_LAMBDA }',
    ),
    faults: [
      'starling.yaml:6:5  "additionalAuthenticationProviders[0].userPoolConfig" is missing. The Cognito user pool whose tokens are accepted.',
      'starling.yaml:7:5  "additionalAuthenticationProviders[1].openIDConnectConfig" is missing. The OpenID Connect issuer whose tokens are accepted.',
      'starling.yaml:8:5  "additionalAuthenticationProviders[2].lambdaAuthorizerConfig" is missing. The function that decides on requests: authorizerUri.',
    ],
  },
  {
    what: 'an API_KEY API without keys',
    files: settingsWith(withKey, 'authenticationType: API_KEY\n'),
    faults: [
      'starling.yaml:2:21  API_KEY needs "apiKeys". Add apiKeys: [{ id: default, key: "${STARLING_API_KEY}" }].',
    ],
  },
  {
    what: 'keys that nothing uses',
    files: settingsWith(withKey, `${cognito}apiKeys: [{ id: a, key: b }]\n`),
    faults: [
      'starling.yaml:6:1  The API has "apiKeys", and no authentication uses them. Add API_KEY to additionalAuthenticationProviders, or remove them.',
    ],
  },
  {
    what: 'configs at the top that the default mode does not take',
    files: settingsWith(
      'dataSources:',
      'userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2 }\nopenIDConnectConfig: { issuer: "https://login.example.com" }\ndataSources:',
    ),
    faults: [
      'starling.yaml:5:1  The API has a "userPoolConfig", and its authenticationType is API_KEY. Move it to additionalAuthenticationProviders, or remove it.',
      'starling.yaml:6:1  The API has a "openIDConnectConfig", and its authenticationType is API_KEY. Move it to additionalAuthenticationProviders, or remove it.',
    ],
  },
  {
    what: 'a config beside an additional mode that does not take it',
    files: withAdditional(
      '{ authenticationType: AWS_IAM, openIDConnectConfig: { issuer: "https://login.example.com" } }',
    ),
    faults: [
      'starling.yaml:6:36  AWS_IAM takes no "openIDConnectConfig". Make it OPENID_CONNECT, or remove the config.',
    ],
  },
  {
    what: 'modes that are named twice',
    files: withAdditional(
      '{ authenticationType: API_KEY }',
      '{ authenticationType: AWS_IAM }',
      '{ authenticationType: AWS_IAM }',
      lambda('{ authorizerUri: "https://example.com" }'),
      lambda('{ authorizerUri: "https://example.org" }'),
    ),
    faults: [
      'starling.yaml:6:27  API_KEY is named twice. An API has it once, with all its apiKeys.',
      'starling.yaml:8:27  AWS_IAM is named twice. An API has it once, for everybody who signs.',
      'starling.yaml:10:27  AWS_LAMBDA is named twice. An API has one function that decides. Let it decide for both.',
    ],
  },
  {
    what: 'two API keys of one id and secret',
    files: settingsWith('key: secret }', 'key: secret }\n  - { id: default, key: secret }'),
    faults: [
      'starling.yaml:5:11  There is another API key with the id "default". Give each its own.',
      'starling.yaml:5:25  The API key "default" has the secret of another. Give each its own.',
    ],
  },
  {
    what: 'an expiry that is no time',
    files: settingsWith('key: secret }', 'key: secret, expires: 2027-02-30 }'),
    faults: [
      'starling.yaml:4:42  "expires" of the API key "default" is no time. Write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970.',
    ],
  },
  {
    what: 'a user pool named twice, denying by default, with an impossible pattern',
    files: settingsWith(
      withKey,
      `${cognito}  defaultAction: DENY\n  appIdClientRegex: "(?<!a)b"\nadditionalAuthenticationProviders:\n  - authenticationType: AMAZON_COGNITO_USER_POOLS\n    userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2 }\n`,
    ),
    faults: [
      'starling.yaml:6:18  DENY cannot be combined with additionalAuthenticationProviders. Use ALLOW, and put directives on the fields that are not for everybody.',
      'starling.yaml:7:21  "appIdClientRegex" is no regular expression: ',
      'starling.yaml:10:35  The user pool "us-west-2_a" is named twice. Name it once.',
    ],
  },
  {
    what: 'an additional user pool that denies by default',
    files: withAdditional(
      '{ authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2, defaultAction: DENY } }',
    ),
    faults: [
      'starling.yaml:6:134  DENY cannot be combined with additionalAuthenticationProviders. Use ALLOW, and put directives on the fields that are not for everybody.',
    ],
  },
  {
    what: 'an issuer named twice, with a slash at its end and without',
    files: withAdditional(
      openId('{ issuer: "https://login.example.com" }'),
      openId('{ issuer: "https://login.example.com/" }'),
    ),
    faults: ['starling.yaml:7:74  The issuer "https://login.example.com" is named twice. Name it once.'],
  },
  {
    what: 'an issuer that is a user pool as well',
    files: withAdditional(
      '{ authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: { userPoolId: us-west-2_a, awsRegion: us-west-2 } }',
      openId('{ issuer: "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_a" }'),
    ),
    faults: [
      'starling.yaml:7:74  The issuer "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_a" is a user pool of the API as well. Name it once.',
    ],
  },
  {
    what: 'issuers that are no addresses, or that others could speak for',
    files: withAdditional(
      openId('{ issuer: login.example.com }'),
      openId('{ issuer: "http://login.example.com" }'),
      openId('{ issuer: "http://localhost.example.com" }'),
      openId('{ issuer: "https://user:secret@login.example.com" }'),
      openId('{ issuer: "https://login.example.com?tenant=a" }'),
    ),
    faults: [
      'starling.yaml:6:74  "issuer" is no address. Write it as it stands in the claim iss of its tokens: https://login.example.com.',
      'starling.yaml:7:74  "issuer" is no https address. Only an issuer on this machine, http://localhost, can do without.',
      'starling.yaml:8:74  "issuer" is no https address. Only an issuer on this machine, http://localhost, can do without.',
      'starling.yaml:9:74  "issuer" has a user, a query or a fragment. Write the address without it.',
      'starling.yaml:10:74  "issuer" has a user, a query or a fragment. Write the address without it.',
    ],
  },
  {
    what: 'times to live and a pattern that cannot be',
    files: withAdditional(
      openId('{ issuer: "https://login.example.com", iatTTL: -1, authTTL: 1.5 }'),
      openId('{ issuer: "https://login.example.org", clientId: "(web" }'),
    ),
    faults: [
      'starling.yaml:6:111  "additionalAuthenticationProviders[0].openIDConnectConfig.iatTTL" is not as it must be. How long a token is good after it was issued, in milliseconds. Default 0: until it expires.',
      'starling.yaml:6:124  "additionalAuthenticationProviders[0].openIDConnectConfig.authTTL" is a number and must be a whole number. How long a token is good after its user signed in, in milliseconds. Default 0: until it expires.',
      'starling.yaml:7:113  "clientId" is no regular expression: ',
    ],
  },
  {
    what: 'an answer that is good for more than an hour, and a pattern that is too long',
    files: withAdditional(
      lambda('{ authorizerUri: "https://example.com", authorizerResultTtlInSeconds: 3601 }'),
      openId(`{ issuer: "https://login.example.com", clientId: "${'a|'.repeat(501)}" }`),
    ),
    faults: [
      'starling.yaml:6:133  "additionalAuthenticationProviders[0].lambdaAuthorizerConfig.authorizerResultTtlInSeconds" is not as it must be. How long an answer of the function is good, in seconds, up to 3600. Default 0: for its request only.',
      'starling.yaml:7:113  "clientId" has 1002 characters. At most 1000 are allowed.',
    ],
  },
  ...[
    ['the ARN of something else', 'arn:aws:s3:::bucket', 'not the ARN of a Lambda function'],
    ['an address that is not http', 'ftp://example.com', 'no http or https address'],
    ['an address without a host', 'https://', 'no http or https address'],
    ['an address with a user', 'https://user:secret@example.com', 'an address with a user'],
  ].map(([what, uri, reason]) => ({
    what: `a function that is ${what}`,
    files: withAdditional(lambda(`{ authorizerUri: "${uri}" }`)),
    faults: [
      `starling.yaml:6:80  "authorizerUri" is ${reason}. Write the ARN of a Lambda function, an http or https address, or the path of a module inside the folder.`,
    ],
  })),
  {
    what: 'a module that is not there, with headers that it cannot get',
    files: withAdditional(lambda('{ authorizerUri: ./functions/gone.mjs, headers: { a: b } }')),
    faults: [
      'starling.yaml:6:80  The Lambda authorizer is missing: there is no file "./functions/gone.mjs". Add the file, or correct the path.',
      'starling.yaml:6:102  "headers" is of use with an address only. Remove it.',
    ],
  },
  {
    what: 'a module outside of the folder',
    files: withAdditional(lambda('{ authorizerUri: ../authorizer.mjs }')),
    faults: [
      'starling.yaml:6:80  The path "../authorizer.mjs" of the Lambda authorizer leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'more modes than fifty beside the default',
    files: withAdditional(
      ...Array.from({ length: 51 }, (_, index) => openId(`{ issuer: "https://${index}.example.com" }`)),
    ),
    faults: [
      'starling.yaml:6:3  "additionalAuthenticationProviders" is not as it must be. Further ways to authenticate, 50 at most; only fields and types whose directives name them let them in.',
    ],
  },
  {
    what: 'more keys than fifty',
    files: settingsWith(
      '  - { id: default, key: secret }',
      Array.from({ length: 51 }, (_, index) => `  - { id: key-${index}, key: secret-${index} }`).join('\n'),
    ),
    faults: ['starling.yaml:4:3  "apiKeys" is not as it must be. The keys of an API_KEY API, 50 at most.'],
  },
];

describe('faults of the authentication', () => {
  it.each(cases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });

  it('should say of a variable that is not set only that', async () => {
    const files = withAdditional(openId('{ issuer: "${ISSUER}" }'), lambda('{ authorizerUri: "${AUTHORIZER}" }'));

    expect(await faultsOf(files)).toEqual([
      'starling.yaml:6:74  The variable ISSUER is not set. Set it, or give a default: ${ISSUER:-…}.',
      'starling.yaml:7:80  The variable AUTHORIZER is not set. Set it, or give a default: ${AUTHORIZER:-…}.',
    ]);
  });
});
