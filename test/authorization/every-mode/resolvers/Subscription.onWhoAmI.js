import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return util.error('You are', 'Identity', null, { authType: util.authType(), identity: ctx.identity });
}

export function response(ctx) {
  return ctx.result;
}
