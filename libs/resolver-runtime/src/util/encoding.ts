import { FieldError } from '#libs/protocol';
import { requireText } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

const shortEscapes: Readonly<Record<string, string>> = Object.freeze({
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
});

/** One UTF-16 unit as Apache Commons' `escapeEcmaScript` writes it. */
function escapeUnit(unit: string): string {
  if (`'"\\/`.includes(unit)) {
    return `\\${unit}`;
  }
  return shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `application/x-www-form-urlencoded`, as Java's URLEncoder: space is `+`; letters, digits and `.-*_` stay. */
function encodeForm(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    const message = 'util.urlDecode: the text is not application/x-www-form-urlencoded.';
    throw new FieldError(message, 'MappingTemplate', null, null, { cause });
  }
}

/** Escaping and encoding. Bytes do not exist in the value model: base64 holds and gives UTF-8 text. */
export const encodingFunctions: UtilNamespace = Object.freeze({
  escapeJavaScript: ({ budget }, value) => {
    if (value === null || value === undefined) {
      return null;
    }
    const text = requireText('escapeJavaScript', value);
    budget.spend(text.length * 6);
    return text.replace(/['"\\/]|[^ -~]/g, escapeUnit);
  },
  urlEncode: ({ budget }, value) => {
    const text = requireText('urlEncode', value);
    budget.spend(text.length * 9);
    return encodeForm(text);
  },
  urlDecode: ({ budget }, value) => {
    const text = requireText('urlDecode', value);
    budget.spend(text.length);
    return decodeForm(text);
  },
  base64Encode: ({ budget }, value) => {
    const text = requireText('base64Encode', value);
    budget.spend(text.length * 4);
    return Buffer.from(text, 'utf8').toString('base64');
  },
  base64Decode: ({ budget }, value) => {
    const text = requireText('base64Decode', value);
    budget.spend(text.length);
    return Buffer.from(text, 'base64').toString('utf8');
  },
});
