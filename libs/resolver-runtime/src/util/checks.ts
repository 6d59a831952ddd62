import { isList, isMap } from '../values.js';
import { nameType } from './util-function.js';
import type { Argument, UtilNamespace } from './util-function.js';

/** Null, the empty string, an empty list or an empty map. */
function isEmpty(value: Argument): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (isList(value) && value.length === 0) ||
    (isMap(value) && isEmptyMap(value))
  );
}

function isEmptyMap(map: object): boolean {
  return Object.keys(map).length === 0;
}

/** Null, or a string of white space only. */
function isBlank(value: Argument): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** `util.isNull…`, `util.defaultIf…`, `util.is<Type>`, `util.typeOf`. */
export const checkFunctions: UtilNamespace = Object.freeze({
  isNull: (_call, value) => (value ?? null) === null,
  isNullOrEmpty: (_call, value) => isEmpty(value),
  isNullOrBlank: (_call, value) => isBlank(value),
  defaultIfNull: (_call, value, fallback) => value ?? fallback ?? null,
  defaultIfNullOrEmpty: (_call, value, fallback) => (isEmpty(value) ? fallback : value) ?? null,
  defaultIfNullOrBlank: (_call, value, fallback) => (isBlank(value) ? fallback : value) ?? null,
  isString: (_call, value) => typeof value === 'string',
  isNumber: (_call, value) => typeof value === 'number',
  isBoolean: (_call, value) => typeof value === 'boolean',
  isList: (_call, value) => isList(value),
  isMap: (_call, value) => isMap(value),
  typeOf: (_call, value) => nameType(value),
});
