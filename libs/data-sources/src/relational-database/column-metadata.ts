/** What is known of a column, named as in the RDS Data API. What a driver does not tell has JDBC's neutral value. */
export interface ColumnMetadata {
  readonly arrayBaseColumnType: number;
  readonly isAutoIncrement: boolean;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: boolean;
  readonly isSigned: boolean;
  /** The name in the result: an alias where there is one. `util.rds.toJsonObject` takes it for the key. */
  readonly label: string;
  readonly name: string;
  /** 0 no, 1 yes, 2 not known. */
  readonly nullable: 0 | 1 | 2;
  readonly precision: number;
  readonly scale: number;
  readonly schemaName: string;
  readonly tableName: string;
  /** A number of `java.sql.Types`. */
  readonly type: number;
  /** The database's name of the type, e.g. `varchar`. */
  readonly typeName: string;
}

/** Numbers of `java.sql.Types`, as far as columns have them. */
export const jdbcTypes = Object.freeze({
  bit: -7,
  tinyint: -6,
  bigint: -5,
  longvarbinary: -4,
  binary: -2,
  char: 1,
  numeric: 2,
  decimal: 3,
  integer: 4,
  smallint: 5,
  real: 7,
  double: 8,
  varchar: 12,
  date: 91,
  time: 92,
  timestamp: 93,
  other: 1111,
  array: 2003,
  timestampWithTimeZone: 2014,
});

const signedTypes: ReadonlySet<number> = new Set([
  jdbcTypes.tinyint,
  jdbcTypes.smallint,
  jdbcTypes.integer,
  jdbcTypes.bigint,
  jdbcTypes.real,
  jdbcTypes.double,
  jdbcTypes.numeric,
  jdbcTypes.decimal,
]);

const textTypes: ReadonlySet<number> = new Set([jdbcTypes.char, jdbcTypes.varchar, jdbcTypes.other]);

/** Completes what a driver tells of a column. */
export function describeColumn(
  column: Pick<ColumnMetadata, 'label' | 'type' | 'typeName'> & Partial<ColumnMetadata>,
): ColumnMetadata {
  return {
    arrayBaseColumnType: 0,
    isAutoIncrement: false,
    isCaseSensitive: textTypes.has(column.type),
    isCurrency: false,
    isSigned: signedTypes.has(column.type),
    name: column.label,
    nullable: 2,
    precision: 0,
    scale: 0,
    schemaName: '',
    tableName: '',
    ...column,
  };
}
