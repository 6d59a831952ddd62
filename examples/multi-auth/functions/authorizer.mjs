/**
 * Decides on requests whose authorization is no signature and no token of the user pool or of the issuer: those of displays on the
 * wall. Here their tokens come from the environment; a function of yours would ask a database.
 */
const tokens = new Set((process.env.DISPLAY_TOKENS ?? '').split(',').filter((token) => token !== ''));

export const handler = async ({ authorizationToken }) => {
  if (!tokens.has(authorizationToken)) return { isAuthorized: false };
  return {
    isAuthorized: true,
    // $ctx.identity.resolverContext of resolvers.
    resolverContext: { username: 'lobby-display' },
    // The schema lets this mode read it; this display hangs where visitors pass.
    deniedFields: ['Task.createdBy'],
    // Seconds that this answer is kept, in place of authorizerResultTtlInSeconds: a display that is stolen is locked out soon.
    ttlOverride: 30,
  };
};
