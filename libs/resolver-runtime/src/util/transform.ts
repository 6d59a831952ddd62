import { FilterError, toSubscriptionFilter } from '#libs/filter';
import { FieldError } from '#libs/protocol';
import { snapshot } from '../snapshot.js';
import { toValue } from '../values.js';
import { requireList, requireMap } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

/** `util.transform.*`. */
export const transformFunctions: UtilNamespace = Object.freeze({
  /** (conditions, ignored field names?, rules?): AppSync reference, section 1.5. */
  toSubscriptionFilter: ({ budget }, input, ignoredFields, rules) => {
    const ignored = ignoredFields ? requireList('transform.toSubscriptionFilter', ignoredFields) : [];
    const extra = rules ? requireMap('transform.toSubscriptionFilter', snapshot(rules, budget)) : undefined;
    try {
      const filter: unknown = toSubscriptionFilter(
        snapshot(input ?? null, budget),
        ignored.filter((field) => typeof field === 'string'),
        extra,
      );
      return toValue(filter);
    } catch (error) {
      if (error instanceof FilterError) {
        throw new FieldError(error.message, 'MappingTemplate', null, null, { cause: error });
      }
      throw error;
    }
  },
});
