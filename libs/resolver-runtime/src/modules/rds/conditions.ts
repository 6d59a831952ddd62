import { isList, isMap } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError } from '../payload.js';
import { aggregateCalls } from './aggregates.js';
import type { SqlWriter } from './sql-writer.js';

const comparisons: Readonly<Record<string, string>> = Object.freeze({
  eq: '=',
  ne: '!=',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
});

/** The body of WHERE, ON or HAVING: a `sql` template or a condition object. Empty when there is nothing to say. */
export function writeCondition(condition: Value, writer: SqlWriter): string {
  if (condition === null) {
    return '';
  }
  if (!isMap(condition)) {
    throw codeError('WHERE values are expected to be SQL templates or a condition object.');
  }
  return writer.sealedType(condition) === 'SQL' ? writer.template(condition) : writeMembers(condition, writer, false);
}

/**
 * The members of a condition object, joined by AND in the order they were written. Outside of groups, AWS puts no brackets
 * around an `or` that has other members beside it, so that AND binds closer: kept, since queries exist that rely on it.
 * A member that says nothing leaves its AND behind, as in AWS.
 */
function writeMembers(condition: ValueMap, writer: SqlWriter, isInGroup: boolean): string {
  writer.enter();
  const keys = Object.keys(condition);
  const members: string[] = [];
  for (const key of keys) {
    const value = condition[key] ?? null;
    if (key === 'and' || key === 'or') {
      const group = writeGroup(key, value, writer);
      if (group !== '') {
        members.push(isInGroup && keys.length > 1 ? `(${group})` : group);
      }
    } else if (key === 'not') {
      const group = writeGroup('and', isMap(value) ? [value] : value, writer);
      members.push(group === '' ? '' : `NOT (${group})`);
    } else {
      members.push(writeColumn(key, value, writer));
    }
  }
  writer.leave();
  return writer.count(members.join(' AND '));
}

function writeGroup(operator: 'and' | 'or', members: Value, writer: SqlWriter): string {
  if (!isList(members)) {
    throw codeError(`${operator} expects conditions to be an array`);
  }
  const written = members.map((member) => {
    if (!isMap(member) || writer.sealedType(member) !== undefined) {
      throw codeError(`Expected ${operator} to be an Object.`);
    }
    const text = writeMembers(member, writer, true);
    return text === '' ? '' : `(${text})`;
  });
  return writer.count(written.join(` ${operator.toUpperCase()} `));
}

/** All conditions on one column. */
function writeColumn(column: string, conditions: Value, writer: SqlWriter): string {
  if (!isMap(conditions) || writer.sealedType(conditions) !== undefined) {
    throw codeError('Expected condition to be an Object.');
  }
  const target = writer.identifier(column);
  return Object.keys(conditions)
    .map((operator) => writeOperator(target, operator, conditions[operator] ?? null, `${column}.${operator}`, writer))
    .join(' AND ');
}

function writeOperator(target: string, operator: string, value: Value, path: string, writer: SqlWriter): string {
  switch (operator) {
    case 'between':
      return writeBetween(target, value, path, writer);
    case 'size':
      return writeMeasure(`LENGTH (${target})`, value, path, writer);
    case 'attributeExists':
      return `${target} IS ${requireBoolean(value, path) ? 'NOT NULL' : 'NULL'}`;
    case 'contains':
      return `${target} LIKE ${writer.bind(`%${requireText(value, path)}%`)}`;
    case 'beginsWith':
      return `${target} LIKE ${writer.bind(`${requireText(value, path)}%`)}`;
    case 'notContains':
      // Without wildcards: AWS has none here either.
      return `${target} NOT LIKE ${writer.bind(requireText(value, path))}`;
    default: {
      const call = Object.hasOwn(aggregateCalls, operator) ? aggregateCalls[operator] : undefined;
      return call === undefined
        ? `${target} ${readComparison(operator, `Unsupported condition ${path}.`)} ${writer.bind(requireValue(value, path))}`
        : writeMeasure(`${call}${target})`, value, path, writer);
    }
  }
}

/** Comparisons of what is measured of a column: its length, or an aggregate. */
function writeMeasure(target: string, conditions: Value, path: string, writer: SqlWriter): string {
  if (!isMap(conditions)) {
    throw codeError(`Expected ${path} to be an Object.`);
  }
  const operator = path.slice(path.lastIndexOf('.') + 1);
  return Object.keys(conditions)
    .map((name) => {
      const value = conditions[name] ?? null;
      return name === 'between'
        ? writeBetween(target, value, path, writer)
        : `${target} ${readComparison(name, `${path} has invalid ${operator} operator.`)} ${writer.value(value)}`;
    })
    .join(' AND ');
}

function writeBetween(target: string, bounds: Value, path: string, writer: SqlWriter): string {
  if (!isList(bounds)) {
    throw codeError(`${path} condition expects an array with length of 2.`);
  }
  if (bounds.length !== 2) {
    throw codeError(
      `${path} condition expects an array with 2 values but received an array with length ${bounds.length}.`,
    );
  }
  const low = writer.value(bounds[0] ?? null);
  return `${target} BETWEEN ${low} AND ${writer.value(bounds[1] ?? null)}`;
}

function readComparison(operator: string, message: string): string {
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (comparison === undefined) {
    throw codeError(message);
  }
  return comparison;
}

function requireValue(value: Value, path: string): Value {
  if (value === null) {
    throw codeError(`Value for ${path} can't be null.`);
  }
  return value;
}

function requireText(value: Value, path: string): string {
  if (typeof requireValue(value, path) !== 'string') {
    throw codeError(`${path} expects a string value to be passed.`);
  }
  return value as string;
}

function requireBoolean(value: Value, path: string): boolean {
  if (typeof requireValue(value, path) !== 'boolean') {
    throw codeError(`${path} expects a boolean value to be passed.`);
  }
  return value as boolean;
}
