import { isList, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError } from '../payload.js';
import { aggregateCalls } from './aggregates.js';
import { writeCondition } from './conditions.js';
import type { SqlWriter } from './sql-writer.js';

/** Writes a select inside another statement; handed in, since selects are made of these clauses. */
export type SubqueryWriter = (statement: ValueMap) => string;

/** The table of a statement that changes data. */
export function writeTable(properties: ValueMap, writer: SqlWriter): string {
  const table = readKey(properties, 'table');
  if (table === null) {
    throw codeError("'table' or 'from' key is required.");
  }
  return writeTableName(table, writer);
}

/** What a select reads from: `table`, or `from`, which may also be a statement. */
export function writeSource(properties: ValueMap, writer: SqlWriter, writeSubquery: SubqueryWriter): string {
  const from = readKey(properties, 'from');
  if (from === null) {
    return writeTable(properties, writer);
  }
  if (readKey(properties, 'table') !== null) {
    throw codeError("'from' and 'table' keys cannot be used together");
  }
  if (typeof from !== 'string' && !isMap(from)) {
    throw codeError("'from' value is expected to be string or object.");
  }
  return isMap(from) && writer.sealedType(from) !== undefined
    ? writeSubquery(from)
    : writeTableName(from, writer, writeSubquery);
}

/** A name, or `{alias: name}`. */
function writeTableName(table: Value, writer: SqlWriter, writeSubquery?: SubqueryWriter): string {
  if (typeof table === 'string') {
    return writer.identifier(table);
  }
  if (!isMap(table)) {
    throw codeError('table name is expected to be a string or alias.');
  }
  const [alias, ...others] = Object.keys(table);
  if (others.length > 0) {
    throw codeError('table alias is allowed only one key-value pair.');
  }
  if (alias === undefined) {
    // AWS lets an exception of its own code through here.
    throw codeError('java.util.NoSuchElementException');
  }
  const name = readKey(table, alias);
  if (isMap(name) && writeSubquery !== undefined && writer.sealedType(name) !== undefined) {
    return `${writeSubquery(name)} as ${writer.identifier(alias)}`;
  }
  if (typeof name !== 'string') {
    throw codeError('Table alias value is expected to be a string.');
  }
  return `${writer.identifier(name)} as ${writer.identifier(alias)}`;
}

/** A list of columns: names, and where subqueries may stand also aggregates and `{alias: …}`. */
export function writeColumns(columns: Value, writer: SqlWriter, writeSubquery?: SubqueryWriter): string {
  if (columns === '*') {
    return '*';
  }
  if (!isList(columns)) {
    throw codeError('Expected column to be * or an array.');
  }
  return columns.map((column) => writeColumn(column, writer, writeSubquery)).join(', ');
}

function writeColumn(column: Value, writer: SqlWriter, writeSubquery?: SubqueryWriter): string {
  if (typeof column === 'string') {
    return writer.identifier(column);
  }
  if (!isMap(column) || writeSubquery === undefined) {
    throw codeError('Invalid type in column array.');
  }
  const type = writer.sealedType(column);
  if (type === 'AGGREGATE') {
    const [name, operand] = [readKey(column, 'name'), readKey(column, 'column')];
    if (typeof name !== 'string' || typeof operand !== 'string') {
      throw codeError('Invalid type in column array.');
    }
    return `${aggregateCalls[name] ?? ''}${writer.identifier(operand)})`;
  }
  if (type !== undefined) {
    return writeSubquery(column);
  }
  const [alias, ...others] = Object.keys(column);
  if (alias === undefined || others.length > 0) {
    throw codeError('column alias is allowed only one key-value pair.');
  }
  writer.enter();
  const aliased = writeColumn(readKey(column, alias), writer, writeSubquery);
  writer.leave();
  return `${aliased} as ${writer.identifier(alias)}`;
}

/** `WHERE …` or `HAVING …`; empty when there is no condition. */
export function writeConditionClause(keyword: string, condition: Value, writer: SqlWriter): string {
  const body = writeCondition(condition, writer);
  return body === '' ? '' : `${keyword} ${body}`;
}

export function writeOrderBy(items: Value, writer: SqlWriter): string {
  if (items === null) {
    return '';
  }
  if (!isList(items)) {
    throw codeError('orderBy expects an array.');
  }
  const written = items.map((item) => {
    if (!isMap(item)) {
      throw codeError('orderBy item expected to be an object.');
    }
    const column = readKey(item, 'column');
    if (typeof column !== 'string') {
      throw codeError('orderBy item expected to have property column.');
    }
    // The direction goes into the statement's text. Anything but a string means ascending, as in AWS.
    const dir = readKey(item, 'dir');
    const given = typeof dir === 'string' ? dir : 'ASC';
    const direction = given.toUpperCase();
    if (direction !== 'ASC' && direction !== 'DESC') {
      throw codeError(`orderBy dir can have either ASC or DESC found ${given.slice(0, 100)}.`);
    }
    return `${writer.identifier(column)} ${direction}`;
  });
  return written.length === 0 ? '' : `ORDER BY ${written.join(', ')}`;
}

/** `GROUP BY` of columns by name, or by their number in the select. */
export function writeGroupBy(columns: Value, writer: SqlWriter): string {
  if (columns === null) {
    return '';
  }
  if (!isList(columns)) {
    throw codeError('groupBy expects an array.');
  }
  const written = columns.map((column) => {
    if (typeof column === 'number' && Number.isSafeInteger(column) && column > 0) {
      return String(column);
    }
    if (typeof column !== 'string') {
      throw codeError('groupBy item expected to be the name or the number of a column.');
    }
    return writer.identifier(column);
  });
  return written.length === 0 ? '' : `GROUP BY ${written.join(', ')}`;
}

/** `LIMIT` or `OFFSET`: a number, or text that is one. */
export function writeRowCount(keyword: 'limit' | 'offset', count: Value, writer: SqlWriter): string {
  if (count === null) {
    return '';
  }
  const number = typeof count === 'string' && count.trim() !== '' ? Number(count) : count;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw codeError(`${keyword} expects a number.`);
  }
  return `${keyword.toUpperCase()} ${writer.bind(number)}`;
}

/** `RETURNING …`, which only PostgreSQL has. */
export function writeReturning(columns: Value, writer: SqlWriter): string {
  if (columns === null || columns === '' || columns === false) {
    return '';
  }
  const written = writeColumns(columns, writer);
  if (!writer.dialect.hasReturning) {
    throw codeError('returning is not supported in MySQL.');
  }
  return `RETURNING ${written}`;
}
