import { describe, expect, it } from 'vitest';
import { createContext, createRun, evaluate } from './fixtures.js';

const filter = '{"filterGroup": []}';

describe('setSubscriptionFilter', () => {
  it('should keep the last of several filters, as it was when it was set', () => {
    const run = createRun({ operation: 'subscription' });
    const text = `$extensions.setSubscriptionFilter({"filterGroup": [1]})
      #set($f = ${filter})$extensions.setSubscriptionFilter($f)$!f.filterGroup.add(1)
      null`;
    expect(() => evaluate(text, createContext(), run)).toThrow('Trailing characters');
    expect(run.effects.subscriptionFilter).toEqual({ filterGroup: [] });
  });

  it('should leave basic filtering on when it is not called', () => {
    const run = createRun({ operation: 'subscription' });
    evaluate(`$extensions.setSubscriptionInvalidationFilter(${filter})`, createContext(), run);
    expect(run.effects).toMatchObject({
      subscriptionFilter: undefined,
      subscriptionInvalidationFilter: { filterGroup: [] },
    });
  });
});

describe('an extension where it is not legal', () => {
  it.each([
    ['setSubscriptionFilter', 'mutation', 'response', 'subscription'],
    ['setSubscriptionFilter', 'query', 'response', 'subscription'],
    ['setSubscriptionFilter', 'subscription', 'request', 'subscription'],
    ['setSubscriptionInvalidationFilter', 'mutation', 'response', 'subscription'],
    ['setSubscriptionInvalidationFilter', 'subscription', 'request', 'subscription'],
    ['invalidateSubscriptions', 'subscription', 'response', 'mutation'],
    ['invalidateSubscriptions', 'mutation', 'request', 'mutation'],
  ] as const)('should end the run: %s in a %s %s', (name, operation, phase, legal) => {
    const run = createRun({ operation, phase });
    expect(() => evaluate(`$extensions.${name}(${filter})`, createContext(), run)).toThrow(
      expect.objectContaining({
        name: 'FieldError',
        errorType: 'MappingTemplate',
        message: `extensions.${name} may only be called in the response handler of a ${legal}.`,
      }),
    );
  });
});

describe('invalidateSubscriptions', () => {
  const invalidate = (from: number, to: number) =>
    `#foreach($i in [${from}..${to}])$extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": {"id": $i}})#end`;

  it('should take five different calls in a request', () => {
    const run = createRun();
    evaluate(invalidate(1, 5), createContext(), run);
    expect(run.effects.invalidations.map(({ payload }) => payload['id'])).toEqual([1, 2, 3, 4, 5]);
  });

  it('should count equal calls once', () => {
    const run = createRun();
    evaluate(invalidate(1, 3) + invalidate(1, 5), createContext(), run);
    expect(run.effects.invalidations).toHaveLength(5);
  });

  it('should refuse the sixth, also in a later handler of the request', () => {
    const run = createRun();
    evaluate(invalidate(1, 5), createContext(), run);
    expect(() => evaluate(invalidate(6, 6), createContext(), run)).toThrow(
      'A request may invalidate subscriptions at most 5 times with different arguments.',
    );
  });

  it.each(['{}', '{"subscriptionField": "onTask"}', '{"subscriptionField": 1, "payload": {}}', '"onTask"', 'null'])(
    'should refuse %s',
    (input) => {
      expect(() => evaluate(`$extensions.invalidateSubscriptions(${input})`)).toThrow(
        'invalidateSubscriptions expects',
      );
    },
  );
});
