import { describe, expect, it } from 'vitest';
import { toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun, evaluate } from './fixtures.js';
import { runCode } from './js-fixtures.js';

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

describe('sticky invalidations', () => {
  const invalidate = (sticky: string, payload = '{"email": "jdoe@example.com"}') =>
    `$extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": ${payload}, "sticky": ${sticky}})`;
  const fault = 'extensions.invalidateSubscriptions: sticky must be a whole number of seconds from 1 to 86400.';

  it('should be off unless they are asked for', () => {
    const run = createRun();
    evaluate('$extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": {}})', undefined, run);
    expect(run.effects.invalidations).toEqual([{ subscriptionField: 'onTask', payload: {}, stickySeconds: null }]);
  });

  it.each([1, 300, 86_400])('should last for %d seconds in a template', (seconds) => {
    const run = createRun();
    evaluate(invalidate(String(seconds)), undefined, run);
    expect(run.effects.invalidations).toMatchObject([{ stickySeconds: seconds }]);
  });

  it.each(['0', '-1', '1.5', '86401', '"300"', 'true', 'null', '$ctx.args.notSent', '[300]'])(
    'should refuse a time of %s in a template',
    (sticky) => {
      const run = createRun();
      expect(() => evaluate(invalidate(sticky), undefined, run)).toThrow(
        expect.objectContaining({ errorType: 'MappingTemplate', message: expect.stringContaining(fault) as string }),
      );
      expect(run.effects.invalidations).toEqual([]);
    },
  );

  const inCode = (sticky: string) => `
    import { extensions } from '@aws-appsync/utils';
    export const request = (ctx) => ({ payload: null });
    export function response(ctx) {
      extensions.invalidateSubscriptions({ subscriptionField: 'onTask', payload: { id: 1 }, sticky: ${sticky} });
      return null;
    }`;

  it.each([
    ['300', 300],
    ['undefined', null],
  ])('should take %s in a handler', (sticky, stickySeconds) => {
    const run = createRun();
    runCode(inCode(sticky), createContext(), run);
    expect(run.effects.invalidations).toEqual([{ subscriptionField: 'onTask', payload: { id: 1 }, stickySeconds }]);
  });

  it.each(['0', '86401', '0.5', 'NaN', 'Infinity', "'300'", 'null', '{}'])(
    'should refuse %s in a handler, at its place',
    (sticky) => {
      expect(() => runCode(inCode(sticky), createContext(), createRun())).toThrow(
        expect.objectContaining({ errorType: 'Code', message: expect.stringMatching(/:5:\d+: .*86400\.$/) as string }),
      );
    },
  );

  it('should count beside the same invalidation with another time, or none', () => {
    const run = createRun();
    const plain = '$extensions.invalidateSubscriptions({"subscriptionField": "onTask", "payload": {"id": 1}})';
    evaluate(`${plain}${invalidate('300', '{"id": 1}')}${invalidate('60', '{"id": 1}')}`, undefined, run);
    evaluate(`${plain}${invalidate('300', '{"id": 1}')}`, undefined, run);
    expect(run.effects.invalidations.map(({ stickySeconds }) => stickySeconds)).toEqual([null, 300, 60]);
  });

  it('should refuse a payload that every gateway would have to remember and is too long', () => {
    const args = toValue({ text: 'a'.repeat(4086) }) as ValueMap;
    const asked = (payload: string) => evaluate(invalidate('60', payload), createContext({ args }), createRun());
    expect(() => asked('{"t": $ctx.args.text}')).not.toThrow();
    expect(() => asked('{"te": $ctx.args.text}')).not.toThrow();
    expect(() => asked('{"text": $ctx.args.text}')).toThrow(
      'a sticky payload may have at most 4096 characters of JSON, not 4097.',
    );
  });
});
