import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return {
    method: 'POST',
    resourcePath: '/tasks',
    params: { headers: { 'content-type': 'application/json' }, body: { ...ctx.args } },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { statusCode, body } = ctx.result;
  if (statusCode === 422) util.error(JSON.parse(body).message, 'InvalidTask');
  if (statusCode !== 201) util.error('The tasks service is out of order.', 'TasksService');
  return JSON.parse(body);
}
