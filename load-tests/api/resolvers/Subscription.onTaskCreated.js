import { extensions } from '@aws-appsync/utils';

export function request() {
  return { payload: null };
}

/** Runs once, when someone subscribes: of all tasks, those of a few boards. */
export function response(ctx) {
  extensions.setSubscriptionFilter({
    filterGroup: [{ filters: [{ fieldName: 'boardId', operator: 'in', value: ctx.args.boardIds }] }],
  });
  return null;
}
