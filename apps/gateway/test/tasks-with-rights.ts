/**
 * A definition with everything that can refuse a subscription: groups, fields of managers only, resolvers that refuse, filters
 * as the client gives them, and a field that allows no null.
 */
export const tasksWithRights: Readonly<Record<string, string>> = {
  'starling.yaml': `
name: tasks-with-rights
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  userPoolId: \${COGNITO_USER_POOL_ID}
  awsRegion: us-west-2
additionalAuthenticationProviders:
  - authenticationType: API_KEY
apiKeys:
  - id: default
    key: \${STARLING_API_KEY}
dataSources:
  - { name: Local, type: NONE }
resolvers:
  - { typeName: Subscription, fieldName: onRefused, dataSourceName: Local }
  - { typeName: Subscription, fieldName: onFiltered, dataSourceName: Local }
  - { typeName: Subscription, fieldName: onOwn, dataSourceName: Local }
`,
  'schema.graphql': `
type Task @aws_cognito_user_pools @aws_api_key {
  id: ID!
  title: String
  boardId: String
  level: Int
  estimate: Int @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"])
}
type Query {
  getTask(id: ID!): Task @aws_cognito_user_pools @aws_api_key
}
type Mutation {
  createTask(id: ID!): Task @aws_cognito_user_pools @aws_api_key
}
type Subscription {
  onTaskCreated(boardId: String): Task @aws_cognito_user_pools @aws_api_key @aws_subscribe(mutations: ["createTask"])
  onTaskOnDefaultBoard(boardId: String = "b1"): Task @aws_subscribe(mutations: ["createTask"])
  onManaged: Task
    @aws_cognito_user_pools(cognito_groups: ["ManagerGroup"]) @aws_subscribe(mutations: ["createTask"])
  onRequired: Task! @aws_subscribe(mutations: ["createTask"])
  onRefused(how: String!): Task @aws_subscribe(mutations: ["createTask"])
  onFiltered(filter: String!): Task @aws_subscribe(mutations: ["createTask"])
  onOwn: Task @aws_subscribe(mutations: ["createTask"])
}
`,
  'resolvers/Subscription.onRefused.request.vtl': '{"version": "2018-05-29", "payload": null}',
  'resolvers/Subscription.onRefused.response.vtl': `
#if($ctx.args.how == "unauthorized") $util.unauthorized() #end
#if($ctx.args.how == "error") $util.error("The board is closed", "BoardClosed", null, {"boardId": "b1"}) #end
$util.error("Without a type")
`,
  'resolvers/Subscription.onFiltered.request.vtl': '{"version": "2018-05-29", "payload": null}',
  'resolvers/Subscription.onFiltered.response.vtl':
    '$extensions.setSubscriptionFilter($util.parseJson($ctx.args.filter))\nnull',
  'resolvers/Subscription.onOwn.request.vtl': '{"version": "2018-05-29", "payload": null}',
  'resolvers/Subscription.onOwn.response.vtl': `
$extensions.setSubscriptionInvalidationFilter({"filterGroup": [{"filters": [
  {"fieldName": "username", "operator": "eq", "value": $ctx.identity.username}
]}]})
null
`,
};
