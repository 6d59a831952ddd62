import type {
  ArrayValue as SdkArrayValue,
  ColumnMetadata as SdkColumnMetadata,
  ExecuteStatementCommandOutput,
  Field as SdkField,
  SqlParameter,
} from '@aws-sdk/client-rds-data';

import { describeColumn, jdbcTypes } from '../column-metadata.js';
import type { ColumnMetadata } from '../column-metadata.js';
import type { Variables } from '../relational-request.js';
import { mySqlDialect, parametersOf, postgresDialect } from '../sql-tokens.js';
import type { ArrayValue, Field, StatementResult } from '../statement-result.js';

/**
 * The variables of a statement as the Data API takes them. Only those that the statement names: a request has one set for both
 * of its statements. Which database it is does not show, so what is a name in either of the two is one.
 */
export function toSqlParameters(sql: string, variables: Variables): SqlParameter[] {
  const names = new Set([...parametersOf(sql, postgresDialect), ...parametersOf(sql, mySqlDialect)]);
  return [...variables]
    .filter(([name]) => names.has(name))
    .map(([name, { value, typeHint }]) => ({
      name,
      value: toSdkField(value),
      ...(typeHint && typeof value === 'string' && { typeHint }),
    }));
}

function toSdkField(value: string | number | boolean | null): SdkField {
  if (value === null) return { isNull: true };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { longValue: value } : { doubleValue: value };
}

/** What the Data API answers for a statement, as `ctx.result` has it. */
export function toStatementResult(output: ExecuteStatementCommandOutput): StatementResult {
  const { numberOfRecordsUpdated = 0, records, columnMetadata, generatedFields } = output;
  if (records === undefined) {
    return { numberOfRecordsUpdated, generatedFields: (generatedFields ?? []).map(toField) };
  }
  return {
    numberOfRecordsUpdated,
    records: records.map((record) => record.map(toField)),
    columnMetadata: (columnMetadata ?? []).map(toColumnMetadata),
  };
}

function toField(field: SdkField): Field {
  if (field.stringValue !== undefined) return { stringValue: field.stringValue };
  if (field.longValue !== undefined) return { longValue: field.longValue };
  if (field.doubleValue !== undefined) return toDouble(field.doubleValue);
  if (field.booleanValue !== undefined) return { booleanValue: field.booleanValue };
  if (field.blobValue !== undefined) return { blobValue: Buffer.from(field.blobValue).toString('base64') };
  if (field.arrayValue !== undefined) return { arrayValue: toArrayValue(field.arrayValue) };
  return { isNull: true };
}

/** JSON has no notation for the others. */
function toDouble(value: number): Field {
  return Number.isFinite(value) ? { doubleValue: value } : { stringValue: String(value) };
}

function toArrayValue(array: SdkArrayValue): ArrayValue {
  if (array.arrayValues)
    return { arrayValues: array.arrayValues.map((item) => toArrayValue(item ?? { stringValues: [] })) };
  if (array.longValues) return { longValues: array.longValues };
  if (array.doubleValues) return { doubleValues: array.doubleValues };
  if (array.booleanValues) return { booleanValues: array.booleanValues };
  return { stringValues: array.stringValues ?? [] };
}

function toColumnMetadata({ nullable, label, name, type, typeName, ...others }: SdkColumnMetadata): ColumnMetadata {
  return describeColumn({
    ...withoutUndefined(others),
    label: label ?? name ?? '',
    name: name ?? label ?? '',
    type: type ?? jdbcTypes.other,
    typeName: typeName ?? '',
    nullable: nullable === 0 || nullable === 1 ? nullable : 2,
  });
}

function withoutUndefined<Members extends object>(
  members: Members,
): { [Name in keyof Members]: NonNullable<Members[Name]> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Members]: NonNullable<Members[Name]> };
}
