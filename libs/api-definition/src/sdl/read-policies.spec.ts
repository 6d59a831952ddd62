import { describe, expect, it } from 'vitest';
import { faultsOf, load, settingsWith } from '../../test/definition-files.js';
import type { Files } from '../../test/definition-files.js';

const pool = '{ userPoolId: us-west-2_Starling1, awsRegion: us-west-2 }';
const apiKeyOnly: Files = {};
const withKey = 'authenticationType: API_KEY\napiKeys:\n  - { id: default, key: secret }\n';

/** A user pool as the only authentication. */
function userPoolOnly(defaultAction = 'ALLOW'): Files {
  return settingsWith(
    withKey,
    `authenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig: { userPoolId: us-west-2_Starling1, awsRegion: us-west-2, defaultAction: ${defaultAction} }\n`,
  );
}

/** API keys by default, a user pool beside them. */
const both = settingsWith(
  withKey,
  `${withKey}additionalAuthenticationProviders:\n  - { authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: ${pool} }\n`,
);

/** An SDL with directives on the type Task, on its title and on the mutation. */
function sdl({ onType = '', onTitle = '', onMutation = '' }): Files {
  return {
    'schema.graphql': `type Task ${onType} { id: ID! title: String ${onTitle} }
type Query { getTask: Task }
type Mutation { createTask: Task ${onMutation} }
`,
  };
}

/** All five modes, API keys by default. */
const allModes = settingsWith(
  withKey,
  `${withKey}additionalAuthenticationProviders:
  - { authenticationType: AWS_IAM }
  - { authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: ${pool} }
  - { authenticationType: OPENID_CONNECT, openIDConnectConfig: { issuer: "https://login.example.com" } }
  - { authenticationType: AWS_LAMBDA, lambdaAuthorizerConfig: { authorizerUri: "https://example.com" } }
`,
);

const key = { mode: 'API_KEY', groups: null };
const user = { mode: 'AMAZON_COGNITO_USER_POOLS', groups: null };
const manager = { mode: 'AMAZON_COGNITO_USER_POOLS', groups: ['Managers'] };

describe('who may read a field', () => {
  it.each([
    ['the default mode, without directives', both, {}, [key]],
    ['the modes of its own directives', both, { onTitle: '@aws_cognito_user_pools' }, [user]],
    ['the modes of its type', both, { onType: '@aws_api_key @aws_cognito_user_pools' }, [key, user]],
    [
      'its own modes in place of its type’s',
      both,
      { onType: '@aws_api_key', onTitle: '@aws_cognito_user_pools' },
      [user],
    ],
    [
      'groups of one mode beside another mode',
      both,
      { onTitle: '@aws_api_key @aws_cognito_user_pools(cognito_groups: ["Managers"])' },
      [key, manager],
    ],
    ['groups of @aws_auth', userPoolOnly(), { onTitle: '@aws_auth(cognito_groups: ["Managers"])' }, [manager]],
    [
      'one group without a list around it',
      userPoolOnly(),
      { onTitle: '@aws_auth(cognito_groups: "Managers")' },
      [manager],
    ],
    ['every user, where the default action is ALLOW', userPoolOnly('ALLOW'), {}, [user]],
    ['nobody, where the default action is DENY', userPoolOnly('DENY'), {}, []],
    [
      'groups of @aws_auth, even under DENY',
      userPoolOnly('DENY'),
      { onTitle: '@aws_auth(cognito_groups: ["Managers"])' },
      [manager],
    ],
  ])('should be %s', async (_, settings, directives, grants) => {
    const definition = await load({ ...settings, ...sdl(directives) });

    expect(definition.policy('Task', 'title')).toEqual({ grants });
  });

  it('should be each mode that a directive names, of all five', async () => {
    const onTitle = '@aws_lambda @aws_oidc @aws_iam @aws_api_key @aws_cognito_user_pools';
    const definition = await load({ ...allModes, ...sdl({ onType: '@aws_iam', onTitle }) });

    expect(definition.policy('Task', 'id')).toEqual({ grants: [{ mode: 'AWS_IAM', groups: null }] });
    expect(definition.policy('Task', 'title').grants.map(({ mode }) => mode)).toEqual([
      'AWS_LAMBDA',
      'OPENID_CONNECT',
      'AWS_IAM',
      'API_KEY',
      'AMAZON_COGNITO_USER_POOLS',
    ]);
  });

  it('should count directives on an extension of the type', async () => {
    const files = sdl({ onMutation: '' })['schema.graphql'] as string;
    const definition = await load({
      ...both,
      'schema.graphql': `${files}extend type Task @aws_cognito_user_pools { more: String }`,
    });

    expect(definition.policy('Task', 'title')).toEqual({ grants: [user] });
  });

  it('should be every mode of the API for introspection', async () => {
    const definition = await load({ ...both, ...sdl({ onType: '@aws_api_key' }) });

    expect(definition.policy('Task', '__typename')).toEqual({ grants: [key, user] });
    expect(definition.policy('__Type', 'name')).toEqual({ grants: [key, user] });
  });

  it('should be frozen', async () => {
    const definition = await load({
      ...userPoolOnly(),
      ...sdl({ onTitle: '@aws_auth(cognito_groups: ["Managers"])' }),
    });

    expect(Object.isFrozen(definition.policy('Task', 'title').grants[0]?.groups)).toBe(true);
  });

  it('should be a mistake of the caller to ask about a field that is not there', async () => {
    const definition = await load();

    expect(() => definition.policy('Task', 'titel')).toThrow(RangeError);
  });
});

describe('directives that contradict the authentication', () => {
  const notOnly =
    '@aws_auth works only where AMAZON_COGNITO_USER_POOLS is the only authentication. Use @aws_cognito_user_pools(cognito_groups: […]), and name a user pool in starling.yaml.';

  it.each([
    ['@aws_auth beside other modes', both, '@aws_auth(cognito_groups: ["Managers"])', [notOnly]],
    ['@aws_auth without a user pool', apiKeyOnly, '@aws_auth(cognito_groups: ["Managers"])', [notOnly]],
    [
      '@aws_auth beside another directive',
      userPoolOnly(),
      '@aws_auth(cognito_groups: ["Managers"]) @aws_cognito_user_pools',
      ['@aws_auth stands beside another authorization directive. Use one of them.'],
    ],
    [
      'groups where the API has no user pool to have them',
      apiKeyOnly,
      '@aws_cognito_user_pools(cognito_groups: ["Managers"])',
      [
        '@aws_cognito_user_pools names groups, and the API has no user pool. Add one to starling.yaml, or remove the directive.',
      ],
    ],
    [
      'a list of groups without groups',
      both,
      '@aws_cognito_user_pools(cognito_groups: [])',
      ['@aws_cognito_user_pools names no group. Name the groups that may read it: (cognito_groups: ["…"]).'],
    ],
  ])('should refuse %s', async (_, settings, onTitle, faults) => {
    const found = await faultsOf({ ...settings, ...sdl({ onTitle }) });

    expect(found).toEqual(faults.map((fault) => `schema.graphql:1:36  ${fault}`));
  });

  it.each(['@aws_iam', '@aws_oidc', '@aws_lambda', '@aws_cognito_user_pools'])(
    'should warn of %s where the API has no such mode, and let nobody in by it',
    async (onTitle) => {
      const definition = await load({ ...apiKeyOnly, ...sdl({ onTitle }) });

      expect(definition.warnings.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^@aws_\w+ lets nobody in: the API has no [A-Z_]+$/),
      ]);
      expect(definition.policy('Task', 'title').grants).not.toContainEqual(key);
    },
  );
});

describe('directives on the field of an interface', () => {
  const withInterface = (onInterface: string, onTitle: string): Files => ({
    'schema.graphql': `interface Titled { title: String ${onInterface} }
type Task implements Titled { id: ID! title: String ${onTitle} }
type Query { getTitled: Titled }
type Mutation { createTask: Task }
`,
  });
  const managers = '@aws_cognito_user_pools(cognito_groups: ["Managers"])';
  const managersOrStaff = '@aws_cognito_user_pools(cognito_groups: ["Managers", "Staff"])';

  it.each([
    ['by none of its own', managers, ''],
    ['by every user', managers, '@aws_cognito_user_pools'],
    ['by more groups', managers, managersOrStaff],
    ['by another mode', '@aws_api_key', '@aws_api_key @aws_cognito_user_pools'],
  ])('should be refused where the type lets in others, %s', async (_what, onInterface, onTitle) => {
    const [, name] = /@(\w+)/.exec(onInterface) ?? [];

    expect(await faultsOf({ ...both, ...withInterface(onInterface, onTitle) })).toEqual([
      `schema.graphql:1:34  @${name} on Titled.title does not hold for Task.title, which lets in others. Put the directives on Task.title as well.`,
    ]);
  });

  it.each([
    ['the same', managers, managers],
    ['fewer', managersOrStaff, managers],
    ['those of the default mode, without a directive', '@aws_api_key @aws_cognito_user_pools', ''],
  ])('should pass where the type lets in %s', async (_what, onInterface, onTitle) => {
    expect(await faultsOf({ ...both, ...withInterface(onInterface, onTitle) })).toEqual([]);
  });
});

describe('a field that a mode may ask for without reading what it returns', () => {
  const warningsOf = async (files: Files) => (await load({ ...both, ...files })).warnings;

  it('should be warned of, with what to write', async () => {
    expect(await warningsOf(sdl({ onMutation: '@aws_api_key @aws_cognito_user_pools' }))).toEqual([
      {
        file: 'schema.graphql',
        line: 3,
        column: 17,
        message:
          'Requests of AMAZON_COGNITO_USER_POOLS may ask for Mutation.createTask, and read no field of Task, which it returns',
        hint: 'Put @aws_cognito_user_pools on Task, or on the fields that they may read',
      },
    ]);
  });

  it('should pass where one field of one of its types can be read', async () => {
    const files = {
      'schema.graphql': `type Task { id: ID! }
type Note { id: ID! text: String @aws_cognito_user_pools(cognito_groups: ["Managers"]) }
union Item = Task | Note
type Query { items: [Item!]! @aws_api_key @aws_cognito_user_pools }
type Mutation { createTask: Task }
`,
    };

    expect(await warningsOf(files)).toEqual([]);
  });
});
