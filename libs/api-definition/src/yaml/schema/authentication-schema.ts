import { listOf } from '../../suggest.js';
import { awsRegion, closed, list, oneOf, text, whenThen, wholeNumber } from './schema-parts.js';
import { lambdaEnvironment, lambdaHeaders } from './data-source-schema.js';

/** Each mode that needs a config, and the key it is under: AppSync's own names, in camelCase. */
export const configOfMode = Object.freeze({
  AMAZON_COGNITO_USER_POOLS: 'userPoolConfig',
  OPENID_CONNECT: 'openIDConnectConfig',
  AWS_LAMBDA: 'lambdaAuthorizerConfig',
});

const modes = ['API_KEY', 'AWS_IAM', ...Object.keys(configOfMode)];

export const authenticationType = oneOf(modes, `How requests prove who they are: ${listOf(modes, 'or')}`);

/** Longest regular expression, in characters. 1,000: an alternation of some 35 client ids, and compiling stays instant. */
export const maxPatternLength = 1_000;

const pattern = (description: string) => text(`${description}, up to ${maxPatternLength} characters`);

/** A hundred years: what is longer is a slip of units. */
const maxTtlMs = 3_155_760_000_000;

const userPoolConfig = closed(
  {
    userPoolId: text('The id of the Cognito user pool, such as us-west-2_Ab12Cd34'),
    awsRegion,
    defaultAction: {
      type: 'string',
      enum: ['ALLOW', 'DENY'],
      description: 'Whether users may read fields that no directive speaks about: ALLOW (default) or DENY',
    },
    appIdClientRegex: pattern('A regular expression that the id of the app client must match as a whole'),
  },
  ['userPoolId', 'awsRegion'],
  { description: 'The Cognito user pool whose tokens are accepted' },
);

const openIDConnectConfig = closed(
  {
    issuer: text('The address of the issuer, as it stands in the claim iss of its tokens: https://login.example.com'),
    clientId: pattern(
      'A regular expression that the client, aud or azp of a token, must match as a whole. Default: any client',
    ),
    iatTTL: wholeNumber(
      0,
      maxTtlMs,
      'How long a token is good after it was issued, in milliseconds. Default 0: until it expires',
    ),
    authTTL: wholeNumber(
      0,
      maxTtlMs,
      'How long a token is good after its user signed in, in milliseconds. Default 0: until it expires',
    ),
  },
  ['issuer'],
  { description: 'The OpenID Connect issuer whose tokens are accepted' },
);

const lambdaAuthorizerConfig = closed(
  {
    authorizerUri: text(
      'The function that decides: the ARN of a Lambda function, an http or https address, or the path of a module inside the folder, such as functions/authorizer.mjs',
    ),
    authorizerResultTtlInSeconds: wholeNumber(
      0,
      3600,
      'How long an answer of the function is good, in seconds, up to 3600. Default 0: for its request only',
    ),
    identityValidationExpression: pattern(
      'A regular expression that a token must match as a whole, or the function is not asked',
    ),
    environmentVariables: lambdaEnvironment,
    headers: lambdaHeaders,
  },
  ['authorizerUri'],
  { description: 'The function that decides on requests: authorizerUri' },
);

/** The configs of the default mode, and of each additional one. */
export const modeConfigs = { userPoolConfig, openIDConnectConfig, lambdaAuthorizerConfig };

/** Each mode comes with its config. */
export const modesNeedConfigs = {
  allOf: Object.entries(configOfMode).map(([mode, config]) =>
    whenThen('authenticationType', mode, config, modeConfigs[config].description),
  ),
};

export const apiKey = closed(
  {
    id: text('A name for the key, for logs and metrics'),
    key: text('The secret that clients send as x-api-key: visible ASCII characters, no spaces', {
      pattern: '^[!-~]+$',
    }),
    expires: {
      type: ['string', 'integer'],
      description:
        'When the key stops working: an ISO 8601 date, date and time with offset, or seconds since 1970. Default: never',
    },
  },
  ['id', 'key'],
);

const additionalProvider = closed({ authenticationType, ...modeConfigs }, ['authenticationType'], modesNeedConfigs);

export const additionalAuthenticationProviders = list(
  additionalProvider,
  'Further ways to authenticate, 50 at most; only fields and types whose directives name them let them in',
  { maxItems: 50 },
);
