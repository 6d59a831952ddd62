import type { ModuleFunction, ModuleNamespace } from '../module-member.js';
import { codeError } from '../payload.js';
import { sealed } from './seal.js';

/** The SQL of an aggregate up to its operand, by its name in AppSync. A condition may name one as its operator. */
export const aggregateCalls: Readonly<Record<string, string>> = Object.freeze({
  min: 'MIN(',
  minDistinct: 'MIN(DISTINCT ',
  max: 'MAX(',
  maxDistinct: 'MAX(DISTINCT ',
  count: 'COUNT(',
  countDistinct: 'COUNT(DISTINCT ',
  avg: 'AVG(',
  avgDistinct: 'AVG(DISTINCT ',
  sum: 'SUM(',
  sumDistinct: 'SUM(DISTINCT ',
});

function aggregate(name: string): ModuleFunction {
  return ([column], { run }) => {
    if (typeof column !== 'string') {
      throw codeError(`agg.${name} expects the name of a column.`);
    }
    return sealed('AGGREGATE', { name, column }, run);
  };
}

/** `agg.*`: columns of a `select` that aggregate. */
export const agg: ModuleNamespace = Object.freeze(
  Object.fromEntries(Object.keys(aggregateCalls).map((name) => [name, aggregate(name)])),
);
