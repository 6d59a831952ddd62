import { FieldError } from '#libs/protocol';
import { requireText } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

const normalForms: ReadonlySet<string> = new Set(['NFC', 'NFD', 'NFKC', 'NFKD']);

/** `util.str.*`. */
export const textFunctions: UtilNamespace = Object.freeze({
  toUpper: ({ budget }, value) => {
    const text = requireText('str.toUpper', value);
    budget.spend(text.length);
    return text.toUpperCase();
  },
  toLower: ({ budget }, value) => {
    const text = requireText('str.toLower', value);
    budget.spend(text.length);
    return text.toLowerCase();
  },
  toReplace: ({ budget }, value, search, replacement) => {
    const text = requireText('str.toReplace', value);
    const wanted = requireText('str.toReplace', search);
    const substitute = requireText('str.toReplace', replacement);
    return replaceLiteral(text, wanted, substitute, (bytes) => budget.spend(bytes));
  },
  normalize: ({ budget }, value, form) => {
    const text = requireText('str.normalize', value);
    const name = requireText('str.normalize', form).toUpperCase();
    if (!normalForms.has(name)) {
      throw new FieldError(`util.str.normalize knows nfc, nfd, nfkc and nfkd, not '${name}'.`, 'MappingTemplate');
    }
    // One character can become eighteen (U+FDFA in NFKC).
    budget.spend(text.length * 2);
    const normal = text.normalize(name);
    budget.spend(normal.length);
    return normal;
  },
});

/** Replaces every occurrence. The length is counted before the text is made: it can be the product of both texts. */
export function replaceLiteral(
  text: string,
  search: string,
  replacement: string,
  spend: (bytes: number) => void,
): string {
  spend(text.length);
  const pieces = text.split(search);
  // An empty search matches around every character, as in Java.
  const occurrences = search === '' ? text.length + 1 : pieces.length - 1;
  spend(occurrences * Math.max(0, replacement.length - search.length) + pieces.length);
  return search === ''
    ? `${replacement}${pieces.map((piece) => piece + replacement).join('')}`
    : pieces.join(replacement);
}
