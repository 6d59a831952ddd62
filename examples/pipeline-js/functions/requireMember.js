import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';

/** Reads the board that the resolver put into the stash. */
export function request(ctx) {
  return get({ key: { id: ctx.stash.boardId } });
}

/** Ends the field unless the caller is a member. A board that is not there has none, and looks the same from outside. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const members = ctx.result?.members ?? [];
  if (members.indexOf(ctx.identity.username) < 0) {
    util.unauthorized();
  }
  return ctx.result;
}
