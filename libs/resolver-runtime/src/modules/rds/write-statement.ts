import { createMap, isList, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError } from '../payload.js';
import {
  writeColumns,
  writeConditionClause,
  writeGroupBy,
  writeOrderBy,
  writeReturning,
  writeRowCount,
  writeSource,
  writeTable,
} from './clauses.js';
import type { SqlWriter } from './sql-writer.js';

/** The SQL of each kind of join, by its name in AppSync. */
const joins: Readonly<Record<string, string>> = Object.freeze({
  join: 'JOIN',
  innerJoin: 'INNER JOIN',
  leftJoin: 'LEFT JOIN',
  leftOuterJoin: 'LEFT OUTER JOIN',
  rightJoin: 'RIGHT JOIN',
  rightOuterJoin: 'RIGHT OUTER JOIN',
  fullOuterJoin: 'FULL OUTER JOIN',
  crossJoin: 'CROSS JOIN',
  joinNatural: 'NATURAL JOIN',
  innerJoinNatural: 'NATURAL INNER JOIN',
  leftJoinNatural: 'NATURAL LEFT JOIN',
  leftOuterJoinNatural: 'NATURAL LEFT OUTER JOIN',
  rightJoinNatural: 'NATURAL RIGHT JOIN',
  rightOuterJoinNatural: 'NATURAL RIGHT OUTER JOIN',
  fullOuterJoinNatural: 'NATURAL FULL OUTER JOIN',
});

/** The text of one statement: SQL as it is, a `sql` template, or what one of the builders made. */
export function writeStatement(statement: Value, writer: SqlWriter): string {
  if (typeof statement === 'string') {
    return statement;
  }
  const properties = isMap(statement) ? readKey(statement, 'properties') : null;
  const payload = isMap(properties) ? properties : createMap();
  switch (writer.sealedType(statement)) {
    case 'SQL':
      return writer.template(statement as ValueMap);
    case 'SELECT':
      return writeSelect(payload, writer);
    case 'INSERT':
      return writeInsert(payload, writer);
    case 'UPDATE':
      return writeUpdate(payload, writer);
    case 'REMOVE':
      return writeRemove(payload, writer);
    default:
      throw codeError(`Unsupported type is passed as argument to ${writer.dialect.builder}`);
  }
}

function writeSelect(payload: ValueMap, writer: SqlWriter): string {
  writer.enter();
  const writeSubquery = (statement: ValueMap): string => `(${writeStatement(statement, writer)})`;
  const text = writer.clauses([
    'SELECT',
    writeColumns(readKey(payload, 'columns') ?? '*', writer, writeSubquery),
    `FROM ${writeSource(payload, writer, writeSubquery)}`,
    ...writeJoins(payload, writer, writeSubquery),
    writeConditionClause('WHERE', readKey(payload, 'where'), writer),
    writeGroupBy(readKey(payload, 'groupBy'), writer),
    writeConditionClause('HAVING', readKey(payload, 'having'), writer),
    writeOrderBy(readKey(payload, 'orderBy'), writer),
    writeRowCount('limit', readKey(payload, 'limit'), writer),
    writeRowCount('offset', readKey(payload, 'offset'), writer),
  ]);
  writer.leave();
  return text;
}

/** Joins in the order they were written. */
function writeJoins(payload: ValueMap, writer: SqlWriter, writeSubquery: (statement: ValueMap) => string): string[] {
  return Object.keys(payload)
    .filter((key) => Object.hasOwn(joins, key) && payload[key] !== null)
    .flatMap((key) => {
      const items = payload[key] ?? null;
      if (!isList(items)) {
        throw codeError(`${key} expects an array.`);
      }
      return items.map((item) => {
        if (!isMap(item)) {
          throw codeError(`${key} item expected to be an object.`);
        }
        const using = readKey(item, 'using');
        return writer.clauses([
          joins[key] ?? '',
          writeSource(item, writer, writeSubquery),
          using === null ? '' : `USING (${writeColumns(isList(using) ? using : null, writer)})`,
          writeConditionClause('ON', readKey(item, 'on'), writer),
        ]);
      });
    });
}

function writeInsert(payload: ValueMap, writer: SqlWriter): string {
  const values = requireValues(payload, 'insert');
  const columns = Object.keys(values);
  return writer.clauses([
    `INSERT INTO ${writeTable(payload, writer)}`,
    `(${columns.map((column) => writer.identifier(column)).join(', ')})`,
    `VALUES (${columns.map((column) => writer.value(values[column] ?? null)).join(', ')})`,
    writeReturning(readKey(payload, 'returning'), writer),
  ]);
}

function writeUpdate(payload: ValueMap, writer: SqlWriter): string {
  const values = requireValues(payload, 'update');
  return writer.clauses([
    `UPDATE ${writeTable(payload, writer)}`,
    'SET',
    Object.keys(values)
      .map((column) => `${writer.identifier(column)} = ${writer.value(values[column] ?? null)}`)
      .join(', '),
    writeConditionClause('WHERE', readKey(payload, 'where'), writer),
    writeReturning(readKey(payload, 'returning'), writer),
  ]);
}

function writeRemove(payload: ValueMap, writer: SqlWriter): string {
  return writer.clauses([
    `DELETE FROM ${writeTable(payload, writer)}`,
    writeConditionClause('WHERE', readKey(payload, 'where'), writer),
    writeReturning(readKey(payload, 'returning'), writer),
  ]);
}

function requireValues(payload: ValueMap, name: 'insert' | 'update'): ValueMap {
  const values = readKey(payload, 'values');
  if (values === null) {
    throw codeError(`values are expected to be passed to ${name}`);
  }
  if (!isMap(values)) {
    // AWS's words.
    throw codeError('Expected values to an Object.');
  }
  return values;
}
