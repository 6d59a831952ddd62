import { util } from '@aws-appsync/utils';
import { createPgStatement, sql, toJsonObject, typeHint } from '@aws-appsync/utils/rds';

export function request(ctx) {
  return createPgStatement(
    sql`SELECT id, board_id AS "boardId", title, is_done AS "isDone" FROM tasks WHERE id = ${typeHint.UUID(ctx.args.id)}`,
  );
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return toJsonObject(ctx.result)[0][0];
}
