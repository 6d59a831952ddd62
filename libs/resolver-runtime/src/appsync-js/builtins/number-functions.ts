import { drawRandom } from '../../util/util-function.js';
import { toNumber } from '../convert.js';
import { createFunctions } from './builtin.js';
import type { RunBuiltin } from './builtin.js';

function ofOne(operation: (value: number) => number): RunBuiltin {
  return ({ budget }, [value]) => operation(toNumber(value, budget));
}

function ofAll(start: number, operation: (left: number, right: number) => number): RunBuiltin {
  return ({ budget }, args) => {
    budget.step(args.length);
    return args.reduce<number>((result, value) => operation(result, toNumber(value, budget)), start);
  };
}

/** `Math.*`. */
export const mathFunctions = createFunctions({
  ceil: ofOne(Math.ceil),
  floor: ofOne(Math.floor),
  max: ofAll(-Infinity, Math.max),
  min: ofAll(Infinity, Math.min),
  random: ({ call }) => drawRandom(call),
  round: ofOne(Math.round),
});

/** `Number.*`. */
export const numberFunctions = createFunctions({
  isFinite: (_state, [value]) => Number.isFinite(value),
  isNaN: (_state, [value]) => Number.isNaN(value),
});
