/** Before the functions: they take what they need from the stash, and so serve any field. */
export function request(ctx) {
  ctx.stash.boardId = ctx.args.boardId;
  ctx.stash.task = { boardId: ctx.args.boardId, title: ctx.args.title };
  return {};
}

/** After the functions: what the last one made. */
export function response(ctx) {
  return ctx.prev.result;
}
