import { FilterError } from '../filter-error.js';
import type { Condition, RuleDocument } from './condition.js';

/**
 * Filters that one filter object may expand to. A hundred times AppSync's limit of 10, so that raised limits have room;
 * without a bound, twenty `or` of two joined by `and` would be a million filters.
 */
export const maxExpandedFilters = 1_000;

/** Rules in all these filters together: bounds the memory that few filters of very many rules would take. */
export const maxExpandedRules = 10_000;

/** Rules joined by AND. */
export type Conjunction = readonly RuleDocument[];

/**
 * The condition as an OR of conjunctions: the first condition varies slowest, the rules of a conjunction are in the order
 * they were written. The size is worked out before anything is built, so a filter that is refused costs a walk over it.
 *
 * @throws FilterError past {@link maxExpandedFilters} or {@link maxExpandedRules}.
 */
export function expandCondition(condition: Condition): readonly Conjunction[] {
  const { filters, rules } = measure(condition);
  if (filters > maxExpandedFilters || rules > maxExpandedRules) {
    throw new FilterError(
      `input expands to more than the maximum of ${maxExpandedFilters} filters or ${maxExpandedRules} rules.`,
      'input',
    );
  }
  return expand(condition);
}

interface Size {
  readonly filters: number;
  readonly rules: number;
}

/** The size of the expansion. No part of a tree is larger than the whole, so asking at the root is enough. */
function measure(condition: Condition): Size {
  switch (condition.kind) {
    case 'rule':
      return { filters: 1, rules: 1 };
    case 'any':
      return condition.conditions
        .map(measure)
        .reduce((sum, part) => ({ filters: sum.filters + part.filters, rules: sum.rules + part.rules }));
    case 'all':
      return condition.conditions.map(measure).reduce(
        (product, part) => ({
          filters: product.filters * part.filters,
          rules: product.rules * part.filters + product.filters * part.rules,
        }),
        { filters: 1, rules: 0 },
      );
  }
}

function expand(condition: Condition): readonly Conjunction[] {
  switch (condition.kind) {
    case 'rule':
      return [[condition.rule]];
    case 'any':
      return condition.conditions.flatMap(expand);
    case 'all':
      return multiply(condition.conditions.map(expand));
  }
}

/** Every way of taking one conjunction of each factor. */
function multiply(factors: readonly (readonly Conjunction[])[]): readonly Conjunction[] {
  let products: RuleDocument[][] = [[]];
  for (const factor of factors) {
    const [only] = factor;
    if (factor.length === 1 && only !== undefined) {
      // In place: a long `and` of single rules would otherwise be copied once for each of them.
      for (const product of products) product.push(...only);
    } else {
      products = products.flatMap((product) => factor.map((conjunction) => [...product, ...conjunction]));
    }
  }
  return products;
}
