/** Runs once, when someone subscribes. The argument filters the events by itself. */
export function request(ctx) {
  ctx.stash.boardId = ctx.args.boardId;
  return {};
}

export function response() {
  return null;
}
