import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return { method: 'GET', resourcePath: '/tasks', params: { query: { boardId: ctx.args.boardId } } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { statusCode, body } = ctx.result;
  if (statusCode !== 200) util.error('The tasks service is out of order.', 'TasksService');
  return JSON.parse(body);
}
