/** The authoriser of the tests: does what the token says. */
export async function handler({ authorizationToken, requestContext }) {
  switch (authorizationToken) {
    case 'jdoe':
      return {
        isAuthorized: true,
        resolverContext: { userId: 'jdoe', asked: requestContext.operationName ?? requestContext.queryString },
        deniedFields: [
          `arn:aws:appsync:eu-central-1:123456789012:apis/${requestContext.apiId}/types/Task/fields/title`,
        ],
        ttlOverride: 300,
      };
    case 'slow':
      return new Promise(() => {});
    case 'failing':
      throw new Error(`no entry for ${authorizationToken}`);
    case 'nothing':
      return undefined;
    default:
      return { isAuthorized: false };
  }
}
