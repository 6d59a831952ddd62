import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import { joinPath } from '../parse/document.js';
import type { Condition } from './condition.js';
import { isEmptyCondition } from './condition.js';

/**
 * How deep `and` and `or` may nest. A person's filter has two or three levels, Amplify's resolvers add two; 32 keeps the
 * recursion far from the end of the stack.
 */
const maxNesting = 32;

/**
 * Reads a filter object: keys of one map are joined by AND, several operators of one field by OR, `and` and `or` hold lists
 * of maps. Conditions on an ignored field are left out wherever they stand, and with them every `and`, `or` and branch that
 * has nothing left.
 *
 * @throws FilterError for anything else, and for an `or` or a field without alternatives: "one of none" would have to
 * match nothing, which a filter document cannot say.
 */
export function readCondition(
  input: unknown,
  ignoredFields: ReadonlySet<string>,
  path: string,
  nesting = 0,
): Condition {
  if (!isJsonObject(input)) throw new FilterError(`${path} must be a map of conditions.`, path);
  const conditions = Object.entries(input).flatMap(([key, value]) => {
    const keyPath = joinPath(path, key);
    if (key === 'and') return readBranches(value, ignoredFields, keyPath, nesting);
    if (key === 'or') return readAlternatives(value, ignoredFields, keyPath, nesting);
    return ignoredFields.has(key) ? [] : [readField(key, value, keyPath)];
  });
  return { kind: 'all', conditions };
}

/** Reads a list of maps, joined by AND, into the conditions that say something. */
export function readBranches(
  list: JsonValue,
  ignoredFields: ReadonlySet<string>,
  path: string,
  nesting: number,
): readonly Condition[] {
  if (!Array.isArray(list)) throw new FilterError(`${path} must be a list of maps.`, path);
  if (nesting >= maxNesting) {
    throw new FilterError(`${path} nests deeper than the maximum of ${maxNesting} levels.`, path);
  }
  // Copied, because `map` passes over the holes of a list and keeps them.
  return [...(list as readonly unknown[])]
    .map((branch, index) => readCondition(branch, ignoredFields, `${path}[${index}]`, nesting + 1))
    .filter((branch) => !isEmptyCondition(branch));
}

function readAlternatives(
  list: JsonValue,
  ignoredFields: ReadonlySet<string>,
  path: string,
  nesting: number,
): readonly Condition[] {
  const conditions = readBranches(list, ignoredFields, path, nesting);
  if (Array.isArray(list) && list.length === 0) throw new FilterError(`${path} must have at least one map.`, path);
  return conditions.length === 0 ? [] : [{ kind: 'any', conditions }];
}

function readField(fieldName: string, operators: JsonValue, path: string): Condition {
  if (!isJsonObject(operators) || Object.keys(operators).length === 0) {
    throw new FilterError(`${path} must be a map of at least one operator and its value.`, path);
  }
  const conditions = Object.entries(operators).map(([operator, value]): Condition => {
    if (isJsonObject(value)) {
      const valuePath = joinPath(path, operator);
      throw new FilterError(`${valuePath} must be a value, not a map.`, valuePath);
    }
    return { kind: 'rule', rule: { fieldName, operator, value } };
  });
  return { kind: 'any', conditions };
}
