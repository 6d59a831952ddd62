import { FieldError } from '#libs/protocol';
import { replaceLiteral } from './literal-search.js';
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
    return replaceLiteral(text, wanted, substitute, budget);
  },
  normalize: ({ budget }, value, form) => {
    const text = requireText('str.normalize', value);
    const name = requireText('str.normalize', form).toUpperCase();
    if (!normalForms.has(name)) {
      throw new FieldError(`util.str.normalize knows nfc, nfd, nfkc and nfkd, not '${name}'.`, 'MappingTemplate');
    }
    // One character can become four (canonical forms) or eighteen (U+FDFA, compatibility forms).
    budget.spend(text.length * (name.includes('K') ? 18 : 4));
    return text.normalize(name);
  },
});
