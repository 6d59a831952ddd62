import { util } from '@aws-appsync/utils';
import { put } from '@aws-appsync/utils/dynamodb';

/** A board under an id that is free. Who creates it is a member. */
export function request(ctx) {
  const { id, name, members = [] } = ctx.args;
  const others = members.filter((member) => member !== ctx.identity.username);
  return put({
    key: { id },
    item: { name, members: [ctx.identity.username, ...others] },
    condition: { id: { attributeExists: false } },
  });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
