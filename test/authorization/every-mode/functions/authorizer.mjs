/** Knows two tokens; what the guest may not read is what the user pool keeps for a group. */
const answers = {
  'token-of-member': { isAuthorized: true, resolverContext: { name: 'member', level: 2 } },
  'token-of-guest': {
    isAuthorized: true,
    resolverContext: { name: 'guest', level: 1 },
    deniedFields: [
      'Query.getRestrictedTask',
      'Mutation.createRestrictedTask',
      'Subscription.onCreateRestrictedTask',
      'Task.restricted',
      'Task.certain',
    ],
  },
};

export function handler({ authorizationToken }) {
  return answers[authorizationToken] ?? { isAuthorized: false };
}
