import { FieldError } from '#libs/protocol';
import type { Budget } from './budget.js';
import { areEqual } from './equality.js';
import type { Invalidation, Run } from './run.js';
import { snapshot } from './snapshot.js';
import type { UtilNamespace } from './util/util-function.js';
import { isMap, readKey } from './values.js';
import type { Value, ValueMap } from './values.js';

/** Unique invalidations one request may ask for, as in AppSync (AppSync reference, section 2). */
const maxInvalidations = 5;

/** Longest time a sticky invalidation may last, in seconds: a day, which is also the longest life of a connection to AppSync. */
const maxStickySeconds = 86_400;

/** Characters of JSON that the payload of a sticky invalidation may have. Every gateway keeps it in memory as long as it lasts. */
const maxStickyPayloadLength = 4096;

function requireResponseOf(operation: Run['operation'], name: string, run: Run): void {
  if (run.phase !== 'response' || run.operation !== operation) {
    throw new FieldError(
      `extensions.${name} may only be called in the response handler of a ${operation}.`,
      'MappingTemplate',
    );
  }
}

function readInvalidation(request: Value): Invalidation {
  const subscriptionField = isMap(request) ? readKey(request, 'subscriptionField') : null;
  const payload = isMap(request) ? readKey(request, 'payload') : null;
  if (typeof subscriptionField !== 'string' || !isMap(payload)) {
    throw new FieldError(
      'extensions.invalidateSubscriptions expects {"subscriptionField": <name>, "payload": <map>}.',
      'MappingTemplate',
    );
  }
  const isSticky = isMap(request) && Object.hasOwn(request, 'sticky');
  return {
    subscriptionField,
    payload,
    stickySeconds: isSticky ? readSticky(readKey(request, 'sticky'), payload) : null,
  };
}

/**
 * An extension beyond AppSync (docs/adr/0009). A null is refused, not taken for none: a time that somebody forgot to send must
 * not let those back in who were to stay out.
 */
function readSticky(sticky: Value, payload: ValueMap): number {
  if (typeof sticky !== 'number' || !Number.isInteger(sticky) || sticky < 1 || sticky > maxStickySeconds) {
    throw new FieldError(
      `extensions.invalidateSubscriptions: sticky must be a whole number of seconds from 1 to ${maxStickySeconds}.`,
      'MappingTemplate',
    );
  }
  const { length } = JSON.stringify(payload);
  if (length > maxStickyPayloadLength) {
    throw new FieldError(
      `extensions.invalidateSubscriptions: a sticky payload may have at most ${maxStickyPayloadLength} characters of JSON, not ${length}.`,
      'MappingTemplate',
    );
  }
  return sticky;
}

function isSame(one: Invalidation, other: Invalidation, budget: Budget): boolean {
  return (
    one.subscriptionField === other.subscriptionField &&
    one.stickySeconds === other.stickySeconds &&
    areEqual(one.payload, other.payload, budget)
  );
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
    const invalidation = readInvalidation(snapshot(input ?? null, budget));
    const { invalidations } = run.effects;
    if (invalidations.some((known) => isSame(known, invalidation, budget))) {
      return '';
    }
    if (invalidations.length >= maxInvalidations) {
      throw new FieldError(
        `A request may invalidate subscriptions at most ${maxInvalidations} times with different arguments.`,
        'MappingTemplate',
      );
    }
    invalidations.push(invalidation);
    return '';
  },
});

/** Extensions AppSync has and this version does not. */
export const unavailableExtensions: ReadonlySet<string> = new Set(['evictFromApiCache']);
