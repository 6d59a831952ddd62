/**
 * How large a filter document may be. The defaults are AppSync's (AppSync reference, 1.4). Raising them is safe for
 * correctness; every filter costs memory in each gateway that holds a subscription with it.
 */
export interface FilterLimits {
  /** Filters in a group, counted after `in` is expanded: an `in` of n values counts as n filters, two of them multiply. Default 10. */
  readonly maxFilters: number;
  /** Different field names in one filter. Default 5. */
  readonly maxFields: number;
  /** Values of an `in` or `notIn`. Default 5. */
  readonly maxInValues: number;
  /** Values of a `containsAny`. Default 20. */
  readonly maxContainsAnyValues: number;
  /** Characters (code points) of a field name or of one string value. Default 256. */
  readonly maxStringCharacters: number;
  /** Levels of a field name: `venue.address.city` has 3. A deeper rule is accepted, with a warning, and never matches. Default 5. */
  readonly maxFieldDepth: number;
}

/** AppSync's limits. */
export const defaultFilterLimits: FilterLimits = Object.freeze({
  maxFilters: 10,
  maxFields: 5,
  maxInValues: 5,
  maxContainsAnyValues: 20,
  maxStringCharacters: 256,
  maxFieldDepth: 5,
});
