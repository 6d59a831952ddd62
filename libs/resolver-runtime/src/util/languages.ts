import type { UtilNamespace } from './util-function.js';

/** The languages of resolvers. */
export type UtilLanguage = 'VTL' | 'JS';

/**
 * What only templates have: in a handler the language itself does it (AppSync reference, section 7.4). Templates have two
 * more things that are no functions here: `qr` and `quiet`, and each `dynamodb.to…` again as `to…Json`.
 */
const vtlOnly: Readonly<Record<string, readonly string[]>> = Object.freeze({
  '': [
    'toJson',
    'parseJson',
    'validate',
    'isNull',
    'isNullOrEmpty',
    'isNullOrBlank',
    'defaultIfNull',
    'defaultIfNullOrEmpty',
    'defaultIfNullOrBlank',
    'isString',
    'isNumber',
    'isBoolean',
    'isList',
    'isMap',
    'typeOf',
  ],
  list: ['copyAndRetainAll', 'copyAndRemoveAll', 'sortList'],
  log: ['info', 'debug', 'error'],
  map: ['copyAndRetainAllKeys', 'copyAndRemoveAllKeys'],
  rds: ['toJsonString'],
  str: ['toUpper', 'toLower', 'toReplace'],
});

/** The languages that a function of `util` is offered in. */
export function languagesOf(namespace: string, name: string): readonly UtilLanguage[] {
  return vtlOnly[namespace]?.includes(name) === true ? ['VTL'] : ['VTL', 'JS'];
}

/** The namespaces with the functions that a language offers; a namespace without any is left out. */
export function selectLanguage(
  namespaces: Readonly<Record<string, UtilNamespace>>,
  language: UtilLanguage,
): Readonly<Record<string, UtilNamespace>> {
  const selected = Object.entries(namespaces).map(([namespace, functions]): [string, UtilNamespace] => {
    const offered = Object.entries(functions).filter(([name]) => languagesOf(namespace, name).includes(language));
    return [namespace, Object.freeze(Object.fromEntries(offered))];
  });
  return Object.freeze(Object.fromEntries(selected.filter(([, functions]) => Object.keys(functions).length > 0)));
}
