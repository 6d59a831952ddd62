import { util } from '@aws-appsync/utils';
import { createPgStatement, sql, toJsonObject, typeHint } from '@aws-appsync/utils/rds';

export function request(ctx) {
  const id = typeHint.UUID(ctx.args.id);
  // Both or none: two statements are one transaction.
  return createPgStatement(
    sql`UPDATE tasks SET is_done = true WHERE id = ${id}`,
    sql`SELECT id, board_id AS "boardId", title, is_done AS "isDone" FROM tasks WHERE id = ${id}`,
  );
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return toJsonObject(ctx.result)[1][0];
}
