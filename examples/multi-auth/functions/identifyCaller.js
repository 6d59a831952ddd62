import { util } from '@aws-appsync/utils';

/** Puts the name of the caller into the stash. Each mode has it elsewhere; an API key names nobody. */
export function request(ctx) {
  const identity = ctx.identity ?? {};
  ctx.stash.username =
    identity.username ?? identity.claims?.preferred_username ?? identity.resolverContext?.username ?? null;
  return {};
}

export function response(ctx) {
  return { authType: util.authType(), username: ctx.stash.username, groups: ctx.identity?.groups ?? null };
}
