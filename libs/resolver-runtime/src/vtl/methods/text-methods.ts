import { slotBytes } from '../../budget.js';
import { matchesWhole, replaceMatches, splitByPattern } from '../../util/patterns.js';
import { replaceLiteral } from '../../util/text.js';
import { createMethodTable, integerArgument, textArgument } from './method.js';
import type { MethodTable } from './method.js';

/** A separator without a special character, the common case of `split`: no pattern engine is needed. */
const literalSeparator = /^[^\\^$.|?*+()[\]{}]$/;

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
  contains: (text, args, budget) => {
    budget.step(1 + (text.length >> 6));
    return text.includes(textArgument(args, 0, budget));
  },
  startsWith: (text, args, budget) => text.startsWith(textArgument(args, 0, budget)),
  endsWith: (text, args, budget) => text.endsWith(textArgument(args, 0, budget)),
  indexOf: (text, args, budget) => {
    budget.step(1 + (text.length >> 6));
    return text.indexOf(textArgument(args, 0, budget), typeof args[1] === 'number' ? args[1] : 0);
  },
  lastIndexOf: (text, args, budget) => {
    budget.step(1 + (text.length >> 6));
    return text.lastIndexOf(textArgument(args, 0, budget));
  },
  charAt: (text, args) => text.charAt(integerArgument('charAt', args, 0, { min: 0, max: text.length - 1 })),
  substring: (text, args, budget) => {
    const from = integerArgument('substring', args, 0, { min: 0, max: text.length });
    const to = args.length < 2 ? text.length : integerArgument('substring', args, 1, { min: from, max: text.length });
    budget.spend(to - from);
    return text.slice(from, to);
  },
  replace: (text, args, budget) =>
    replaceLiteral(text, textArgument(args, 0, budget), textArgument(args, 1, budget), (bytes) => budget.spend(bytes)),
  replaceAll: (text, args, budget) =>
    replaceMatches(textArgument(args, 0, budget), text, textArgument(args, 1, budget), true, budget),
  replaceFirst: (text, args, budget) =>
    replaceMatches(textArgument(args, 0, budget), text, textArgument(args, 1, budget), false, budget),
  matches: (text, args, budget) => matchesWhole(textArgument(args, 0, budget), text, budget),
  split: (text, args, budget) => {
    const separator = textArgument(args, 0, budget);
    const limit = typeof args[1] === 'number' ? Math.trunc(args[1]) : 0;
    if (limit !== 0 || !literalSeparator.test(separator) || !text.includes(separator)) {
      return splitByPattern(separator, text, limit, budget);
    }
    budget.spend(text.length);
    const pieces = text.split(separator);
    budget.spend(pieces.length * slotBytes);
    return pieces.slice(0, pieces.findLastIndex((piece) => piece !== '') + 1);
  },
});
