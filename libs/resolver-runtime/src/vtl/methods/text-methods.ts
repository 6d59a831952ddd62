import type { Budget } from '../../budget.js';
import { matchesWhole, replaceMatches, splitByPattern } from '../../util/patterns.js';
import { chargeSearch, replaceLiteral, splitLiteral } from '../../util/literal-search.js';
import type { Value } from '../../values.js';
import { createMethodTable, integerArgument, textArgument } from './method.js';
import type { MethodTable } from './method.js';

/** A separator without a special character, the common case of `split`: no pattern engine is needed. */
const literalSeparator = /^[^\\^$.|?*+()[\]{}]$/;

/** The first argument as the text to look for; the search is counted. */
function searchedText(text: string, args: readonly Value[], budget: Budget): string {
  const search = textArgument(args, 0, budget);
  chargeSearch(text, search, budget);
  return search;
}

/** Methods of java.lang.String. */
export const textMethods: MethodTable<string> = createMethodTable<string>({
  length: (text) => text.length,
  isEmpty: (text) => text === '',
  isBlank: (text) => text.trim() === '',
  toString: (text) => text,
  equals: (text, [other]) => text === other,
  equalsIgnoreCase: (text, [other], budget) => {
    budget.spend(text.length);
    return typeof other === 'string' && text.toLowerCase() === other.toLowerCase();
  },
  compareTo: (text, args, budget) => {
    const other = textArgument(args, 0, budget);
    return text === other ? 0 : text < other ? -1 : 1;
  },
  toLowerCase: (text, _args, budget) => {
    budget.spend(text.length);
    return text.toLowerCase();
  },
  toUpperCase: (text, _args, budget) => {
    budget.spend(text.length);
    return text.toUpperCase();
  },
  trim: (text, _args, budget) => {
    budget.spend(text.length);
    return text.trim();
  },
  concat: (text, args, budget) => {
    const joined = text + textArgument(args, 0, budget);
    budget.spend(joined.length);
    return joined;
  },
  contains: (text, args, budget) => text.includes(searchedText(text, args, budget)),
  startsWith: (text, args, budget) => text.startsWith(textArgument(args, 0, budget)),
  endsWith: (text, args, budget) => text.endsWith(textArgument(args, 0, budget)),
  indexOf: (text, args, budget) =>
    text.indexOf(searchedText(text, args, budget), typeof args[1] === 'number' ? args[1] : 0),
  lastIndexOf: (text, args, budget) => text.lastIndexOf(searchedText(text, args, budget)),
  charAt: (text, args) => text.charAt(integerArgument('charAt', args, 0, { min: 0, max: text.length - 1 })),
  substring: (text, args, budget) => {
    const from = integerArgument('substring', args, 0, { min: 0, max: text.length });
    const to = args.length < 2 ? text.length : integerArgument('substring', args, 1, { min: from, max: text.length });
    budget.spend(to - from);
    return text.slice(from, to);
  },
  replace: (text, args, budget) =>
    replaceLiteral(text, textArgument(args, 0, budget), textArgument(args, 1, budget), budget),
  replaceAll: (text, args, budget) =>
    replaceMatches(textArgument(args, 0, budget), text, textArgument(args, 1, budget), true, budget),
  replaceFirst: (text, args, budget) =>
    replaceMatches(textArgument(args, 0, budget), text, textArgument(args, 1, budget), false, budget),
  matches: (text, args, budget) => matchesWhole(textArgument(args, 0, budget), text, budget),
  split: (text, args, budget) => {
    const separator = textArgument(args, 0, budget);
    const limit = typeof args[1] === 'number' ? Math.trunc(args[1]) : 0;
    return limit === 0 && literalSeparator.test(separator) && text.includes(separator)
      ? splitLiteral(text, separator, budget)
      : splitByPattern(separator, text, limit, budget);
  },
});
