import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return { payload: { authType: util.authType(), identity: ctx.identity } };
}

export function response(ctx) {
  return ctx.result;
}
