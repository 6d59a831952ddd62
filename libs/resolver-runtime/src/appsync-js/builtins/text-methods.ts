import { slotBytes } from '../../budget.js';
import type { Budget } from '../../budget.js';
import { chargeSearch, replaceLiteral } from '../../util/literal-search.js';
import { replaceMatches } from '../../util/patterns.js';
import type { Value } from '../../values.js';
import { toInteger, toText } from '../convert.js';
import type { JsValue, State } from '../state.js';

/** A method of a type. Arguments that are left out are undefined. */
export type Method<Target> = (target: Target, args: readonly JsValue[], state: State) => JsValue;

/** Characters with a meaning in a pattern or replacement of Java: without them, both are plain text. */
const patternCharacter = /[\\^$.|?*+()[\]{}]/;
const replacementCharacter = /[\\$]/;

/** The first argument as the text to look for; the search is counted. */
function searchedText(text: string, args: readonly JsValue[], budget: Budget): string {
  const search = toText(args[0], budget);
  chargeSearch(text, search, budget);
  return search;
}

/** `replace` and `replaceAll`: the pattern is java.util.regex's as a string, and `$1` in the replacement a group. */
function replaceBy(isGlobal: boolean): Method<string> {
  return (text, args, state) => {
    const { budget } = state;
    const pattern = toText(args[0], budget);
    const replacement = toText(args[1], budget);
    if (patternCharacter.test(pattern) || replacementCharacter.test(replacement)) {
      try {
        return replaceMatches(pattern, text, replacement, isGlobal, budget);
      } catch (error) {
        throw state.locate(error);
      }
    }
    if (isGlobal) {
      return replaceLiteral(text, pattern, replacement, budget);
    }
    chargeSearch(text, pattern, budget);
    budget.spend(text.length + replacement.length);
    return text.replace(pattern, () => replacement);
  };
}

/** Cuts at every occurrence of the separator, which is plain text; at every UTF-16 unit when it is empty. */
function split(text: string, [separator, limit]: readonly JsValue[], { budget }: State): JsValue {
  const most = limit === undefined ? Infinity : toInteger(limit, 0, budget) >>> 0;
  if (separator === undefined) {
    return most === 0 ? [] : [text];
  }
  const cut = toText(separator, budget);
  chargeSearch(text, cut, budget);
  const pieces: Value[] = [];
  let start = 0;
  while (pieces.length < most) {
    const end = cut === '' ? start + 1 : text.indexOf(cut, start);
    budget.spend(slotBytes);
    if (end < 0 || (cut === '' && end >= text.length)) {
      if (cut !== '' || start < text.length) {
        pieces.push(text.slice(start));
      }
      break;
    }
    pieces.push(text.slice(start, end));
    start = end + cut.length;
  }
  budget.spend(text.length);
  return pieces;
}

function change(operation: (text: string) => string): Method<string> {
  return (text, _args, { budget }) => {
    budget.spend(text.length);
    return operation(text);
  };
}

/** `String.prototype.*`, as far as AppSync has it. */
export const textMethods: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>(
  Object.entries<Method<string>>({
    at: (text, [index], { budget }) => text.at(toInteger(index, 0, budget)),
    charAt: (text, [index], { budget }) => text.charAt(toInteger(index, 0, budget)),
    concat: (text, args, { budget }) => {
      const joined = text + args.map((arg) => toText(arg, budget)).join('');
      budget.spend(joined.length);
      return joined;
    },
    endsWith: (text, args, { budget }) =>
      text.endsWith(searchedText(text, args, budget), toInteger(args[1], text.length, budget)),
    indexOf: (text, args, { budget }) => text.indexOf(searchedText(text, args, budget), toInteger(args[1], 0, budget)),
    lastIndexOf: (text, args, { budget }) =>
      text.lastIndexOf(searchedText(text, args, budget), toInteger(args[1], Infinity, budget)),
    replace: replaceBy(false),
    replaceAll: replaceBy(true),
    slice: (text, [from, to], { budget }) => {
      const piece = text.slice(toInteger(from, 0, budget), toInteger(to, text.length, budget));
      budget.spend(piece.length);
      return piece;
    },
    split,
    startsWith: (text, args, { budget }) =>
      text.startsWith(searchedText(text, args, budget), toInteger(args[1], 0, budget)),
    toLowerCase: change((text) => text.toLowerCase()),
    toUpperCase: change((text) => text.toUpperCase()),
    trim: change((text) => text.trim()),
    trimEnd: change((text) => text.trimEnd()),
    trimStart: change((text) => text.trimStart()),
  }),
);
