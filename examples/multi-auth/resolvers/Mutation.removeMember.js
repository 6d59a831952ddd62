import { extensions } from '@aws-appsync/utils';

export function request(ctx) {
  return { payload: { username: ctx.args.username } };
}

/** Ends every subscription whose invalidation filter matches the payload: Subscription.onTaskCreated.js sets it. */
export function response(ctx) {
  extensions.invalidateSubscriptions({
    subscriptionField: 'onTaskCreated',
    payload: { username: ctx.result.username },
  });
  return ctx.result;
}
