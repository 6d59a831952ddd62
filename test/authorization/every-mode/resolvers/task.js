/** The same task for every id, with all that there is to be denied. */
export function request(ctx) {
  const hidden = { text: 'text' };
  return {
    payload: {
      id: ctx.args.id,
      title: 'title',
      notForApiKey: 'notForApiKey',
      notForIam: 'notForIam',
      notForUserPools: 'notForUserPools',
      notForOidc: 'notForOidc',
      notForLambda: 'notForLambda',
      hiddenFromApiKey: hidden,
      hiddenFromIam: hidden,
      hiddenFromUserPools: hidden,
      hiddenFromOidc: hidden,
      hiddenFromLambda: hidden,
      restricted: 'restricted',
      certain: 'certain',
    },
  };
}

export function response(ctx) {
  return ctx.result;
}
