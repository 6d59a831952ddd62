import { FieldError } from '#libs/protocol';
import { BudgetError } from '../../budget.js';
import { readJson } from '../../json/read-json.js';
import { toText } from '../convert.js';
import type { JsValue, State } from '../state.js';
import { createFunctions } from './builtin.js';
import { stringify } from './stringify.js';

/** JavaScript's bound on the third argument of `JSON.stringify`. */
const maxIndent = 10;

function readIndent(space: JsValue): string {
  if (typeof space === 'number') {
    return ' '.repeat(Math.max(0, Math.min(maxIndent, Math.trunc(space)) || 0));
  }
  return typeof space === 'string' ? space.slice(0, maxIndent) : '';
}

/** `JSON.parse`. Text that is no JSON gives the empty string where JavaScript throws: handlers have no `catch`. */
function parse(state: State, [text]: readonly JsValue[]): JsValue {
  const { budget } = state;
  const levels = budget.openLevels;
  try {
    return readJson(toText(text, budget), budget);
  } catch (error) {
    if (error instanceof FieldError && !(error instanceof BudgetError)) {
      budget.unwindTo(levels);
      return '';
    }
    throw error;
  }
}

/** `JSON.*`. */
export const jsonFunctions = createFunctions({
  parse,
  stringify: (state, [value, replacer, space]) => {
    if (replacer !== null && replacer !== undefined) {
      throw state.fault('JSON.stringify takes no replacer: give null in its place.');
    }
    return stringify(value, readIndent(space), state.budget);
  },
});
