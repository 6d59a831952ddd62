import { describeColumn, jdbcTypes } from '../column-metadata.js';
import type { ColumnMetadata } from '../column-metadata.js';

/** How the values of a type stand in a record. */
export type ValueKind = 'boolean' | 'long' | 'double' | 'blob' | 'timestampWithTimeZone' | 'string';

/** A type of PostgreSQL. */
export interface PostgresType {
  readonly typeName: string;
  readonly jdbcType: number;
  readonly kind: ValueKind;
  /** Of an array: what it is an array of. */
  readonly element?: PostgresType;
}

/** Object id, object id of the type's array, name, number in JDBC, kind. The ids are fixed in PostgreSQL's catalogue. */
const rows: readonly (readonly [number, number, string, number, ValueKind])[] = [
  [16, 1000, 'bool', jdbcTypes.bit, 'boolean'],
  [17, 1001, 'bytea', jdbcTypes.binary, 'blob'],
  [18, 1002, 'char', jdbcTypes.char, 'string'],
  [19, 1003, 'name', jdbcTypes.varchar, 'string'],
  [20, 1016, 'int8', jdbcTypes.bigint, 'long'],
  [21, 1005, 'int2', jdbcTypes.smallint, 'long'],
  [23, 1007, 'int4', jdbcTypes.integer, 'long'],
  [25, 1009, 'text', jdbcTypes.varchar, 'string'],
  [26, 1028, 'oid', jdbcTypes.bigint, 'long'],
  [114, 199, 'json', jdbcTypes.other, 'string'],
  [142, 143, 'xml', jdbcTypes.other, 'string'],
  [650, 651, 'cidr', jdbcTypes.other, 'string'],
  [700, 1021, 'float4', jdbcTypes.real, 'double'],
  [701, 1022, 'float8', jdbcTypes.double, 'double'],
  [790, 791, 'money', jdbcTypes.double, 'string'],
  [829, 1040, 'macaddr', jdbcTypes.other, 'string'],
  [869, 1041, 'inet', jdbcTypes.other, 'string'],
  [1042, 1014, 'bpchar', jdbcTypes.char, 'string'],
  [1043, 1015, 'varchar', jdbcTypes.varchar, 'string'],
  [1082, 1182, 'date', jdbcTypes.date, 'string'],
  [1083, 1183, 'time', jdbcTypes.time, 'string'],
  [1114, 1115, 'timestamp', jdbcTypes.timestamp, 'string'],
  [1184, 1185, 'timestamptz', jdbcTypes.timestampWithTimeZone, 'timestampWithTimeZone'],
  [1186, 1187, 'interval', jdbcTypes.other, 'string'],
  [1266, 1270, 'timetz', jdbcTypes.time, 'string'],
  [1560, 1561, 'bit', jdbcTypes.bit, 'string'],
  [1562, 1563, 'varbit', jdbcTypes.other, 'string'],
  [1700, 1231, 'numeric', jdbcTypes.numeric, 'string'],
  [2950, 2951, 'uuid', jdbcTypes.other, 'string'],
  [3802, 3807, 'jsonb', jdbcTypes.other, 'string'],
];

const types: ReadonlyMap<number, PostgresType> = new Map(
  rows.flatMap(([id, arrayId, typeName, jdbcType, kind]) => {
    const element: PostgresType = { typeName, jdbcType, kind };
    const array: PostgresType = { typeName: `_${typeName}`, jdbcType: jdbcTypes.array, kind, element };
    return [
      [id, element],
      [arrayId, array],
    ] as const;
  }),
);

/** A type of the user's own, such as an enum or a domain: its values are text. */
const unknownType: PostgresType = { typeName: 'unknown', jdbcType: jdbcTypes.other, kind: 'string' };

/** The type of an object id. */
export function postgresTypeOf(id: number): PostgresType {
  return types.get(id) ?? unknownType;
}

/** What PostgreSQL tells of a column. */
export function describePostgresColumn(label: string, typeId: number): ColumnMetadata {
  const { typeName, jdbcType, element } = postgresTypeOf(typeId);
  return describeColumn({
    label,
    type: jdbcType,
    typeName,
    arrayBaseColumnType: element?.jdbcType ?? 0,
    isCurrency: (element ?? { typeName }).typeName === 'money',
  });
}
