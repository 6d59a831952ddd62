import { util } from '@aws-appsync/utils';
import { query } from '@aws-appsync/utils/dynamodb';

/** The tasks of the board, the newest first. */
export function request(ctx) {
  return query({
    index: 'byBoard',
    query: { boardId: { eq: ctx.stash.boardId } },
    scanIndexForward: false,
    limit: 100,
  });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result.items;
}
