import { FieldError } from '#libs/protocol';
import { areEqual } from './equality.js';
import type { Run } from './run.js';
import { snapshot } from './snapshot.js';
import type { UtilNamespace } from './util/util-function.js';
import { isMap, readKey } from './values.js';

/** Unique invalidations one request may ask for, as in AppSync (AppSync reference, section 2). */
const maxInvalidations = 5;

function requireResponseOf(operation: Run['operation'], name: string, run: Run): void {
  if (run.phase !== 'response' || run.operation !== operation) {
    throw new FieldError(
      `extensions.${name} may only be called in the response handler of a ${operation}.`,
      'MappingTemplate',
    );
  }
}

/** `extensions.*`: they change the run's effects and give nothing back. A second filter replaces the first. */
export const extensions: UtilNamespace = Object.freeze({
  setSubscriptionFilter: ({ run, budget }, filter) => {
    requireResponseOf('subscription', 'setSubscriptionFilter', run);
    run.effects.subscriptionFilter = snapshot(filter ?? null, budget);
    return '';
  },
  setSubscriptionInvalidationFilter: ({ run, budget }, filter) => {
    requireResponseOf('subscription', 'setSubscriptionInvalidationFilter', run);
    run.effects.subscriptionInvalidationFilter = snapshot(filter ?? null, budget);
    return '';
  },
  invalidateSubscriptions: ({ run, budget }, input) => {
    requireResponseOf('mutation', 'invalidateSubscriptions', run);
    const request = snapshot(input ?? null, budget);
    const subscriptionField = isMap(request) ? readKey(request, 'subscriptionField') : null;
    const payload = isMap(request) ? readKey(request, 'payload') : null;
    if (typeof subscriptionField !== 'string' || !isMap(payload)) {
      throw new FieldError(
        'extensions.invalidateSubscriptions expects {"subscriptionField": <name>, "payload": <map>}.',
        'MappingTemplate',
      );
    }
    const { invalidations } = run.effects;
    const isKnown = invalidations.some(
      (known) => known.subscriptionField === subscriptionField && areEqual(known.payload, payload, budget),
    );
    if (isKnown) {
      return '';
    }
    if (invalidations.length >= maxInvalidations) {
      throw new FieldError(
        `A request may invalidate subscriptions at most ${maxInvalidations} times with different arguments.`,
        'MappingTemplate',
      );
    }
    invalidations.push({ subscriptionField, payload });
    return '';
  },
});

/** Extensions AppSync has and this version does not. */
export const unavailableExtensions: ReadonlySet<string> = new Set(['evictFromApiCache']);
