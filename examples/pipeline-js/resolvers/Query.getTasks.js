export function request(ctx) {
  ctx.stash.boardId = ctx.args.boardId;
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
