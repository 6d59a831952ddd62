import {
  additionalAuthenticationProviders,
  apiKey,
  authenticationType,
  modeConfigs,
  modesNeedConfigs,
} from './schema/authentication-schema.js';
import { dataSource } from './schema/data-source-schema.js';
import { pipelineFunction, resolver } from './schema/resolver-schema.js';
import { closed, list, oneOf, text, wholeNumber } from './schema/schema-parts.js';

const key = {
  type: ['string', 'object'],
  minLength: 1,
  additionalProperties: false,
  properties: {
    name: text('The name of the attribute'),
    type: {
      type: 'string',
      enum: ['S', 'N', 'B'],
      description: 'Its DynamoDB type: S (text, default), N (number) or B (binary)',
    },
  },
  required: ['name'],
  description: 'The name of a key attribute (a text), or its name and type',
};

const localTable = closed(
  {
    tableName: text('The name of the table'),
    partitionKey: key,
    sortKey: key,
    globalSecondaryIndexes: list(
      closed({ indexName: text('The name of the index'), partitionKey: key, sortKey: key }, [
        'indexName',
        'partitionKey',
      ]),
      'Indexes of the table, each with all attributes',
    ),
  },
  ['tableName', 'partitionKey'],
);

const localUser = closed(
  {
    username: text('The name to sign in with'),
    password: text('The password to sign in with'),
    groups: list(text('One of local.groups'), 'Groups the user is in. Default: none'),
    attributes: {
      type: 'object',
      description: 'Claims of the id token, by name, each a text. Default: none',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_:.-]*$' },
      additionalProperties: { type: 'string', description: 'The value of the attribute: a text' },
    },
  },
  ['username', 'password'],
);

const fieldPattern = text('Fields: *, Mutation.*, Query.getTask, or an ARN as in a policy of AWS', {
  pattern: String.raw`^(\*|[A-Za-z0-9_*?]+\.[A-Za-z0-9_*?]+|arn:[^:]+:appsync:[^:]*:[^:]*:\S+)$`,
});

const localAccessKey = closed(
  {
    username: text('The name of who signs with it'),
    userArn: text('The ARN that resolvers see, such as arn:aws:iam::111122223333:user/backend. Default: none', {
      pattern: String.raw`^arn:[\w-]+:(iam|sts)::[0-9]{12}:\S+$`,
    }),
    allow: list(fieldPattern, 'Fields that may be accessed, as in an access file'),
    deny: list(fieldPattern, 'Fields that may not, whatever "allow" says. Default: none'),
  },
  ['username', 'allow'],
);

const tryStep = closed(
  {
    title: text('What happens, in a few words'),
    as: text('Who does it: one of local.users or local.accessKeys. Leave it out for a request with the first API key'),
    operation: text('A GraphQL operation, or the path of a .graphql file inside the folder that holds it'),
  },
  ['title', 'operation'],
);

const limits = closed(
  {
    requestTimeoutMs: wholeNumber(
      1,
      3_600_000,
      'Longest time of one request, in milliseconds, up to an hour. Default 30000',
    ),
    maxFunctionsPerPipeline: wholeNumber(1, 100, 'How many functions a pipeline may have, up to 100. Default 10'),
    maxEvaluatedBytes: wholeNumber(
      1024,
      32 * 1024 * 1024,
      'Longest document that a handler may make, in bytes, 1 KiB to 32 MiB. Default 5242880 (5 MiB)',
    ),
    maxLoopIterations: wholeNumber(1, 1_000_000, 'Iterations of one loop in a handler, up to a million. Default 1000'),
    maxTokens: wholeNumber(100, 100_000, 'Tokens of a document, 100 to 100000. Default 15000'),
    maxDepth: wholeNumber(10, 500, 'Levels of a document and of its variables, 10 to 500. Default 200'),
    maxAliases: wholeNumber(
      0,
      10_000,
      'Aliases of a document, and fields that stand twice in one selection, up to 10000. Default 100',
    ),
    maxDirectives: wholeNumber(0, 10_000, 'Directives that a document applies, up to 10000. Default 50'),
    maxFragments: wholeNumber(0, 1000, 'Fragments that a document defines, up to 1000. Default 100'),
    maxRootFields: wholeNumber(1, 10_000, 'Fields at the root of one operation, 1 to 10000. Default 100'),
    maxFields: wholeNumber(
      1,
      100_000,
      'Fields of one operation, fragments put in wherever they are spread, 1 to 100000. Default 10000',
    ),
  },
  [],
  { description: 'How far one request may go. The defaults are those of AppSync, where it has such a limit' },
);

/**
 * The JSON Schema of `starling.yaml`; the only place where its shape is written down. Published for editors as
 * docs/reference/starling.schema.json, and the descriptions are what the loader tells a user who got a value wrong. A test holds
 * the published copy, the page docs/reference/starling-yaml.md and this together.
 *
 * `if` and `then` rather than `oneOf`: a failed `oneOf` reports every branch, and a user wants the one that was meant.
 */
export const starlingSchema = Object.freeze({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'starling.yaml',
  description: 'An AppSync API, as Starling serves it.',
  ...closed(
    {
      name: text('Names the API in Redis keys, logs and metrics: up to 64 letters, digits, _ and -', {
        pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
      }),
      schema: text('Path of the SDL file, inside the folder. Default: schema.graphql'),
      authenticationType,
      ...modeConfigs,
      apiKeys: list(apiKey, 'The keys of an API_KEY API, 50 at most', { minItems: 1, maxItems: 50 }),
      additionalAuthenticationProviders,
      environmentVariables: {
        type: 'object',
        description: 'What resolvers read as $ctx.env: 50 at most, each a text of up to 512 characters',
        maxProperties: 50,
        propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]{1,63}$' },
        additionalProperties: { type: 'string', maxLength: 512, description: 'A text of up to 512 characters' },
      },
      dataSources: list(dataSource, 'What resolvers talk to'),
      functions: list(pipelineFunction, 'What resolvers of kind PIPELINE are made of'),
      resolvers: list(resolver, 'Which fields do more than read the property of their name'),
      introspectionConfig: oneOf(
        ['ENABLED', 'DISABLED'],
        'Whether clients may ask for the schema itself: ENABLED (default) or DISABLED',
      ),
      queryDepthLimit: wholeNumber(
        0,
        75,
        'How many levels of fields an operation may have, 1 to 75. Default 0: as many as it likes',
      ),
      resolverCountLimit: wholeNumber(
        0,
        10_000,
        'How many resolvers one request may run, 1 to 10000. Default 0: 10000',
      ),
      limits,
      local: closed(
        {
          users: list(localUser, 'Users of the local user pool and of the local OpenID Connect issuer'),
          groups: list(text('The name of a group'), 'Groups of the local user pool'),
          accessKeys: list(localAccessKey, 'Access keys of AWS_IAM. Default: one that may access everything'),
          lambdaToken: text('A token that the Lambda authorizer takes, for dev.json to hand on'),
          tables: list(localTable, 'Tables of the local DynamoDB'),
          try: list(tryStep, 'Steps to show to someone who has just started the API, in order'),
        },
        [],
        { description: 'What npm start creates on a laptop; the api and gateway pods ignore it' },
      ),
    },
    ['name', 'authenticationType'],
    modesNeedConfigs,
  ),
});
