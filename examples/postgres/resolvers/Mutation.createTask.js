import { util } from '@aws-appsync/utils';
import { createPgStatement, sql, toJsonObject, typeHint } from '@aws-appsync/utils/rds';

export function request(ctx) {
  const { boardId, title } = ctx.args;
  return createPgStatement(
    sql`INSERT INTO tasks (id, board_id, title) VALUES (${typeHint.UUID(util.autoId())}, ${boardId}, ${title})
        RETURNING id, board_id AS "boardId", title, is_done AS "isDone"`,
  );
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return toJsonObject(ctx.result)[0][0];
}
