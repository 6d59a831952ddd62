import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';
import { readJson } from '../json/read-json.js';
import { createMap, isList, isMap, readKey, writeKey } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/**
 * The rows of an RDS Data API result, which is JSON text or what that reads to: one list for each statement, one map for
 * each row. A column is under its label, or its name without one; null columns are left out. A statement that has no result
 * set gives one empty map: so AWS answers, where its guide says an empty list (AppSync reference, section 7.4).
 *
 * @throws FieldError of type `MappingTemplate` when the result has another form.
 */
export function readSqlResult(result: Value | undefined, budget: Budget): Value[] {
  const read = typeof result === 'string' ? readJson(result, budget) : result;
  const statements = isMap(read) ? readKey(read, 'sqlStatementResults') : null;
  if (!isList(statements)) {
    throw new FieldError('util.rds expects the result of SQL statements.', 'MappingTemplate');
  }
  return statements.map((statement): Value[] => {
    const records = isMap(statement) ? readKey(statement, 'records') : null;
    const columns = isMap(statement) ? readKey(statement, 'columnMetadata') : null;
    budget.spend(slotBytes);
    return isList(records) ? records.map((record) => readRow(record, columns, budget)) : [createMap()];
  });
}

function readRow(record: Value, columns: Value, budget: Budget): ValueMap {
  const row = createMap();
  if (!isList(record) || !isList(columns)) {
    throw new FieldError('util.rds: a record of the result has no columns.', 'MappingTemplate');
  }
  budget.spend(record.length * slotBytes);
  record.forEach((field, index) => {
    const value = readField(field, budget);
    if (value !== null) {
      writeKey(row, nameColumn(columns[index]), value);
    }
  });
  return row;
}

function nameColumn(column: Value | undefined): string {
  const label = isMap(column) ? (readKey(column, 'label') ?? readKey(column, 'name')) : null;
  if (typeof label !== 'string') {
    throw new FieldError('util.rds: a column of the result has no label.', 'MappingTemplate');
  }
  return label;
}

/** The value of a field: the one member it has, whatever its type is called; arrays hold arrays or lists of scalars. */
function readField(field: Value, budget: Budget): Value {
  if (!isMap(field) || readKey(field, 'isNull') === true) {
    return null;
  }
  const array = readKey(field, 'arrayValue');
  if (isMap(array)) {
    return readArray(array, budget);
  }
  const [member] = Object.keys(field);
  return member === undefined ? null : readKey(field, member);
}

function readArray(array: ValueMap, budget: Budget): Value {
  budget.enter();
  const nested = readKey(array, 'arrayValues');
  const [member] = Object.keys(array);
  const items = isList(nested)
    ? nested.map((item) => (isMap(item) ? readArray(item, budget) : null))
    : member === undefined
      ? []
      : readKey(array, member);
  budget.leave();
  return items;
}
