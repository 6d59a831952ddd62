import { extensions } from '@aws-appsync/utils';

export function request() {
  return {};
}

/** Runs once, when someone subscribes. The argument filters the events by itself; this says by whose name it may be ended. */
export function response(ctx) {
  if (ctx.stash.username !== null) {
    extensions.setSubscriptionInvalidationFilter({
      filterGroup: [{ filters: [{ fieldName: 'username', operator: 'eq', value: ctx.stash.username }] }],
    });
  }
  return null;
}
