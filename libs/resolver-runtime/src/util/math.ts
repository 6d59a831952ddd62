import { drawRandom, requireNumber } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

/** `util.math.*`. */
export const mathFunctions: UtilNamespace = Object.freeze({
  /** To the nearest integer, halves up, as Java's `Math.round`. */
  roundNum: (_call, value) => Math.round(requireNumber('math.roundNum', value)),
  minVal: (_call, left, right) => Math.min(requireNumber('math.minVal', left), requireNumber('math.minVal', right)),
  maxVal: (_call, left, right) => Math.max(requireNumber('math.maxVal', left), requireNumber('math.maxVal', right)),
  randomDouble: (call) => drawRandom(call),
  /** An integer from the lower to the upper bound, both included. */
  randomWithinRange: (call, lower, upper) => {
    const from = Math.ceil(requireNumber('math.randomWithinRange', lower));
    const to = Math.floor(requireNumber('math.randomWithinRange', upper));
    return from + Math.floor(drawRandom(call) * (Math.max(from, to) - from + 1));
  },
});
