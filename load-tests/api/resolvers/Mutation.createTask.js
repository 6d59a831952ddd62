export function request(ctx) {
  return { payload: ctx.args.task };
}

export function response(ctx) {
  return ctx.result;
}
