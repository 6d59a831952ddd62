import type { JsonObject } from '#libs/protocol';
import { isJsonObject } from '#libs/protocol';
import { splitFieldName } from '../field-path.js';
import { FilterError } from '../filter-error.js';
import type { FilterRule } from '../filter-group.js';
import { createFilterRule } from '../filter-group.js';
import type { FilterLimits } from '../filter-limits.js';
import { filterTexts, quoteName } from '../filter-texts.js';
import type { FilterValue } from '../filter-value.js';
import { isJsonList } from '../is-json-list.js';
import type { OperatorName } from '../operators/index.js';
import { isOperatorName, operators } from '../operators/index.js';
import { readKey, refuseOtherKeys } from './document.js';

/**
 * Checks one `{ fieldName, operator, value }` and makes a rule of it.
 *
 * @throws FilterError
 */
export function parseRule(rule: unknown, path: string, limits: FilterLimits): FilterRule {
  if (!isJsonObject(rule)) {
    throw new FilterError(`${path} must be a map of \`fieldName\`, \`operator\` and \`value\`.`, path);
  }
  refuseOtherKeys(rule, ['fieldName', 'operator', 'value'], path);
  const levels = parseFieldName(rule, `${path}.fieldName`, limits);
  const operator = parseOperator(rule, `${path}.operator`);
  const value = parseValue(rule, operator, `${path}.value`, limits);
  return createFilterRule(levels, operator, value, limits.maxFieldDepth);
}

function parseFieldName(rule: JsonObject, path: string, limits: FilterLimits): readonly string[] {
  const fieldName = readKey(rule, 'fieldName');
  if (typeof fieldName === 'string') {
    refuseLongString(fieldName, path, limits);
    const levels = splitFieldName(fieldName);
    if (!levels.includes('')) return levels;
  }
  throw new FilterError(`${path} must be the name of a field, or names joined by dots.`, path);
}

function parseOperator(rule: JsonObject, path: string): OperatorName {
  const operator = readKey(rule, 'operator');
  if (isOperatorName(operator)) return operator;
  const found = typeof operator === 'string' ? ` ${quoteName(operator)}` : '';
  throw new FilterError(`${path}${found} must be one of ${Object.keys(operators).join(', ')}.`, path);
}

function parseValue(rule: JsonObject, name: OperatorName, path: string, limits: FilterLimits): FilterValue {
  const operator = operators[name];
  const value = readKey(rule, 'value');
  if (!operator.accepts(value)) throw new FilterError(filterTexts.invalidValue(name), path);
  if (!isJsonList(value)) {
    if (typeof value === 'string') refuseLongString(value, path, limits);
    return value;
  }
  if (operator.valuesLimit !== undefined && value.length > limits[operator.valuesLimit]) {
    throw new FilterError(filterTexts.tooManyValues(name, limits[operator.valuesLimit]), path);
  }
  for (const [index, item] of value.entries()) {
    if (typeof item === 'string') refuseLongString(item, `${path}[${index}]`, limits);
  }
  // The document is a template's own value, which may still change after this call.
  return Object.freeze([...value]);
}

function refuseLongString(text: string, path: string, limits: FilterLimits): void {
  const limit = limits.maxStringCharacters;
  if (text.length <= limit) return;
  // A character takes at most two UTF-16 units: past that no counting is needed.
  if (text.length > 2 * limit || [...text].length > limit) {
    throw new FilterError(`${path} is longer than the maximum of ${limit} characters.`, path);
  }
}
