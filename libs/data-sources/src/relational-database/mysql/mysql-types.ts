import { describeColumn, jdbcTypes } from '../column-metadata.js';
import type { ColumnMetadata } from '../column-metadata.js';

/** What the protocol tells of a column, as far as it is used here. */
export interface MySqlColumn {
  readonly name: string;
  readonly orgName: string;
  readonly orgTable: string;
  readonly schema: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly characterSet: number;
  readonly decimals: number;
  readonly flags: number;
}

const flags = Object.freeze({ notNull: 1, unsigned: 32, autoIncrement: 512 });

/** The character set of values that are bytes, not text. */
const binaryCharacterSet = 63;

/** Codes of MySQL's protocol. */
export const mySqlTypes = Object.freeze({
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  timestamp: 7,
  longLong: 8,
  int24: 9,
  date: 10,
  time: 11,
  dateTime: 12,
  year: 13,
  bit: 16,
  json: 245,
  newDecimal: 246,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
});

const names: ReadonlyMap<number, readonly [typeName: string, jdbcType: number]> = new Map([
  [mySqlTypes.decimal, ['DECIMAL', jdbcTypes.decimal]],
  [mySqlTypes.tiny, ['TINYINT', jdbcTypes.tinyint]],
  [mySqlTypes.short, ['SMALLINT', jdbcTypes.smallint]],
  [mySqlTypes.long, ['INT', jdbcTypes.integer]],
  [mySqlTypes.float, ['FLOAT', jdbcTypes.real]],
  [mySqlTypes.double, ['DOUBLE', jdbcTypes.double]],
  [mySqlTypes.timestamp, ['TIMESTAMP', jdbcTypes.timestamp]],
  [mySqlTypes.longLong, ['BIGINT', jdbcTypes.bigint]],
  [mySqlTypes.int24, ['MEDIUMINT', jdbcTypes.integer]],
  [mySqlTypes.date, ['DATE', jdbcTypes.date]],
  [mySqlTypes.time, ['TIME', jdbcTypes.time]],
  [mySqlTypes.dateTime, ['DATETIME', jdbcTypes.timestamp]],
  [mySqlTypes.year, ['YEAR', jdbcTypes.smallint]],
  [mySqlTypes.bit, ['BIT', jdbcTypes.bit]],
  [mySqlTypes.json, ['JSON', jdbcTypes.varchar]],
  [mySqlTypes.newDecimal, ['DECIMAL', jdbcTypes.decimal]],
] as const);

const blobs: ReadonlySet<number> = new Set([
  mySqlTypes.tinyBlob,
  mySqlTypes.mediumBlob,
  mySqlTypes.longBlob,
  mySqlTypes.blob,
]);

/** True for what `BOOLEAN` stands for: `TINYINT(1)`, which the Data API answers as a boolean, and `BIT(1)`. */
export function isBooleanColumn({ columnType, columnLength }: MySqlColumn): boolean {
  return columnLength === 1 && (columnType === mySqlTypes.tiny || columnType === mySqlTypes.bit);
}

/** What MySQL tells of a column. */
export function describeMySqlColumn(column: MySqlColumn): ColumnMetadata {
  const [typeName, type] = isBooleanColumn(column) ? (['BIT', jdbcTypes.bit] as const) : nameOf(column);
  const isUnsigned = (column.flags & flags.unsigned) !== 0;
  return describeColumn({
    label: column.name,
    name: column.orgName === '' ? column.name : column.orgName,
    type,
    typeName: isUnsigned && typeName.endsWith('INT') ? `${typeName} UNSIGNED` : typeName,
    ...(isUnsigned && { isSigned: false }),
    isAutoIncrement: (column.flags & flags.autoIncrement) !== 0,
    nullable: (column.flags & flags.notNull) === 0 ? 1 : 0,
    precision: column.columnLength,
    // 31 stands for "as many as there are".
    scale: column.decimals < 31 ? column.decimals : 0,
    schemaName: column.schema,
    tableName: column.orgTable,
  });
}

function nameOf({ columnType, characterSet }: MySqlColumn): readonly [typeName: string, jdbcType: number] {
  const isBinary = characterSet === binaryCharacterSet;
  if (blobs.has(columnType)) return isBinary ? ['BLOB', jdbcTypes.longvarbinary] : ['TEXT', jdbcTypes.varchar];
  if (columnType === mySqlTypes.string) return isBinary ? ['BINARY', jdbcTypes.binary] : ['CHAR', jdbcTypes.char];
  const known = names.get(columnType);
  return known ?? (isBinary ? ['VARBINARY', jdbcTypes.binary] : ['VARCHAR', jdbcTypes.varchar]);
}
