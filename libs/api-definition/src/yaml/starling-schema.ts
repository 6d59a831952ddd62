/**
 * The JSON Schema of `starling.yaml`; the only place where its shape is written down. Published for editors as
 * docs/reference/starling.schema.json, and the descriptions are what the loader tells a user who got a value wrong. A test holds
 * the published copy, the page docs/reference/starling-yaml.md and this together.
 *
 * `if` and `then` rather than `oneOf`: a failed `oneOf` reports every branch, and a user wants the one that was meant.
 */
const text = (description: string, rules: object = {}) => ({ type: 'string', minLength: 1, description, ...rules });
const list = (items: object, description: string, rules: object = {}) => ({
  type: 'array',
  items,
  description,
  ...rules,
});
const closed = <Rules extends object>(properties: object, required: readonly string[], rules: Rules = {} as Rules) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
  ...rules,
});

/** When a member has this value, another one is needed. */
const whenThen = (member: string, value: string, needed: string, description: string) => ({
  if: { properties: { [member]: { const: value } }, required: [member] },
  then: { required: [needed], properties: { [needed]: { description } } },
});

const authenticationType = {
  type: 'string',
  enum: ['API_KEY', 'AMAZON_COGNITO_USER_POOLS'],
  description: 'How requests prove who they are: API_KEY or AMAZON_COGNITO_USER_POOLS',
};

const awsRegion = text('An AWS region, such as us-west-2', { pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]+$' });

const userPoolConfig = closed(
  {
    userPoolId: text('The id of the Cognito user pool, such as us-west-2_Ab12Cd34'),
    awsRegion,
    defaultAction: {
      type: 'string',
      enum: ['ALLOW', 'DENY'],
      description: 'Whether users may read fields that no directive speaks about: ALLOW (default) or DENY',
    },
    appIdClientRegex: text('A regular expression that the id of the app client must match as a whole'),
  },
  ['userPoolId', 'awsRegion'],
  { description: 'The Cognito user pool whose tokens are accepted' },
);

const apiKey = closed(
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

const additionalProvider = closed({ authenticationType, userPoolConfig }, ['authenticationType'], {
  ...whenThen('authenticationType', 'AMAZON_COGNITO_USER_POOLS', 'userPoolConfig', userPoolConfig.description),
});

const dataSource = closed(
  {
    name: text('The name that resolvers use: letters, digits and _, not beginning with a digit', {
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    }),
    type: {
      type: 'string',
      enum: ['NONE', 'AMAZON_DYNAMODB'],
      description: 'What it is: NONE or AMAZON_DYNAMODB',
    },
    description: { type: 'string', description: 'A note for readers' },
    dynamodbConfig: closed(
      {
        tableName: text('The name of the DynamoDB table: 3 to 255 letters, digits, _, - and .', {
          pattern: '^[A-Za-z0-9_.-]{3,255}$',
        }),
        awsRegion,
      },
      ['tableName', 'awsRegion'],
      { description: 'The table of an AMAZON_DYNAMODB data source' },
    ),
  },
  ['name', 'type'],
  whenThen('type', 'AMAZON_DYNAMODB', 'dynamodbConfig', 'The table: tableName and awsRegion'),
);

const template = (part: string) =>
  text(
    `Path of the ${part} mapping template, inside the folder. Default: resolvers/<typeName>.<fieldName>.${part}.vtl`,
  );

const resolver = closed(
  {
    typeName: text('An object type of the schema'),
    fieldName: text('A field of that type'),
    kind: { type: 'string', enum: ['UNIT'], description: 'UNIT (default): one data source' },
    dataSourceName: text('The name of one of the data sources'),
    requestMappingTemplate: template('request'),
    responseMappingTemplate: template('response'),
  },
  ['typeName', 'fieldName', 'dataSourceName'],
);

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

const tryStep = closed(
  {
    title: text('What happens, in a few words'),
    as: text('The user who does it: one of local.users. Leave it out for a request with the first API key'),
    operation: text('A GraphQL operation, or the path of a .graphql file inside the folder that holds it'),
  },
  ['title', 'operation'],
);

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
      userPoolConfig,
      apiKeys: list(apiKey, 'The keys of an API_KEY API, 50 at most', { minItems: 1, maxItems: 50 }),
      additionalAuthenticationProviders: list(
        additionalProvider,
        'Further ways to authenticate, 50 at most; only fields and types whose directives name them let them in',
        { maxItems: 50 },
      ),
      environmentVariables: {
        type: 'object',
        description: 'What resolvers read as $ctx.env: 50 at most, each a text of up to 512 characters',
        maxProperties: 50,
        propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]{1,63}$' },
        additionalProperties: { type: 'string', maxLength: 512, description: 'A text of up to 512 characters' },
      },
      dataSources: list(dataSource, 'What resolvers talk to'),
      resolvers: list(resolver, 'Which fields do more than read the property of their name'),
      local: closed(
        {
          users: list(localUser, 'Users of the local user pool'),
          groups: list(text('The name of a group'), 'Groups of the local user pool'),
          tables: list(localTable, 'Tables of the local DynamoDB'),
          try: list(tryStep, 'Steps to show to someone who has just started the API, in order'),
        },
        [],
        { description: 'What npm start creates on a laptop; the api and gateway pods ignore it' },
      ),
    },
    ['name', 'authenticationType'],
    whenThen('authenticationType', 'AMAZON_COGNITO_USER_POOLS', 'userPoolConfig', userPoolConfig.description),
  ),
});
