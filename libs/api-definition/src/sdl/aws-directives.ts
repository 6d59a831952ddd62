import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  specifiedDirectives,
} from 'graphql';

const { FIELD_DEFINITION, OBJECT } = DirectiveLocation;
const names = new GraphQLList(new GraphQLNonNull(GraphQLString));

const onTypesAndFields = (name: string, description: string) =>
  new GraphQLDirective({ name, description, locations: [OBJECT, FIELD_DEFINITION] });

/** Merged APIs have these; in an API that is not merged from others they mean nothing. */
const onAllDefinitions = (name: string, args?: ConstructorParameters<typeof GraphQLDirective>[0]['args']) =>
  new GraphQLDirective({
    name,
    description: 'For merged APIs. Accepted, without effect.',
    args,
    locations: [
      OBJECT,
      FIELD_DEFINITION,
      DirectiveLocation.INTERFACE,
      DirectiveLocation.UNION,
      DirectiveLocation.ENUM,
      DirectiveLocation.ENUM_VALUE,
      DirectiveLocation.INPUT_OBJECT,
      DirectiveLocation.INPUT_FIELD_DEFINITION,
      DirectiveLocation.ARGUMENT_DEFINITION,
      DirectiveLocation.SCALAR,
    ],
  });

/** AppSync's directives (AppSync reference, section 5.2), by their name without the `@`. */
export const awsDirectives = Object.freeze({
  aws_subscribe: new GraphQLDirective({
    name: 'aws_subscribe',
    description: 'The mutation fields that trigger this subscription field.',
    locations: [FIELD_DEFINITION],
    args: { mutations: { type: new GraphQLNonNull(names) } },
  }),
  aws_publish: new GraphQLDirective({
    name: 'aws_publish',
    description: 'Written into exported schemas. Accepted, without effect: @aws_subscribe says the same.',
    locations: [FIELD_DEFINITION],
    args: { subscriptions: { type: names } },
  }),
  aws_auth: new GraphQLDirective({
    name: 'aws_auth',
    description: 'The Cognito groups that may read the field. For APIs whose only authentication is a user pool.',
    locations: [FIELD_DEFINITION],
    args: { cognito_groups: { type: new GraphQLNonNull(names) } },
  }),
  aws_cognito_user_pools: new GraphQLDirective({
    name: 'aws_cognito_user_pools',
    description: 'Users of a user pool may read it; with groups, only users in one of them.',
    locations: [OBJECT, FIELD_DEFINITION],
    args: { cognito_groups: { type: names } },
  }),
  aws_api_key: onTypesAndFields('aws_api_key', 'Requests with an API key may read it.'),
  aws_iam: onTypesAndFields('aws_iam', 'Requests signed with AWS credentials may read it.'),
  aws_oidc: onTypesAndFields('aws_oidc', 'Users of an OpenID Connect provider may read it.'),
  aws_lambda: onTypesAndFields('aws_lambda', 'Requests that the Lambda authoriser lets in may read it.'),
  canonical: onAllDefinitions('canonical'),
  hidden: onAllDefinitions('hidden'),
  renamed: onAllDefinitions('renamed', { to: { type: new GraphQLNonNull(GraphQLString) } }),
});

/** Directives that an SDL need not declare, and whose declarations in exported SDL are ignored. */
export const builtInDirectives: readonly GraphQLDirective[] = Object.freeze([
  ...specifiedDirectives,
  ...Object.values(awsDirectives),
]);
