import { slotBytes } from '../budget.js';
import { readJson } from '../json/read-json.js';
import { writeJson } from '../json/write-json.js';
import { createMap, isList, isMap, readKey } from '../values.js';
import type { Value } from '../values.js';
import { toTyped, toTypedList, toTypedMap, typed } from './typed-value.js';
import { requireList, requireMap, requireText } from './util-function.js';
import type { Argument, UtilCall, UtilNamespace } from './util-function.js';

/** A converter of scalars: null stays null, so that an attribute which is not there is not written. */
function scalar(type: string) {
  return (_call: UtilCall, value: Argument): Value =>
    value === null || value === undefined ? null : typed(type, value);
}

/** A converter of lists to one of DynamoDB's sets. */
function set(name: string, type: string) {
  return ({ budget }: UtilCall, value: Argument): Value => {
    if (value === null || value === undefined) {
      return null;
    }
    const items = requireList(`dynamodb.${name}`, value);
    budget.spend(items.length * slotBytes);
    return typed(type, [...items]);
  };
}

/** The text under which AppSync stores an S3 object: one string attribute. */
function toS3Object(call: UtilCall, key: Argument, bucket: Argument, region: Argument, version: Argument): Value {
  const s3 = createMap();
  s3['key'] = requireText('dynamodb.toS3Object', key);
  s3['bucket'] = requireText('dynamodb.toS3Object', bucket);
  s3['region'] = requireText('dynamodb.toS3Object', region);
  if (version !== null && version !== undefined) {
    s3['version'] = requireText('dynamodb.toS3Object', version);
  }
  return typed('S', writeJson(typed('s3', s3), call.budget));
}

/** `util.dynamodb.*`: from values to DynamoDB's typed form. The `…Json` twins of VTL are made from these. */
export const dynamodbFunctions: UtilNamespace = Object.freeze({
  toDynamoDB: (call, value) => toTyped(value ?? null, call.budget),
  toString: scalar('S'),
  toNumber: scalar('N'),
  toBoolean: scalar('BOOL'),
  toBinary: scalar('B'),
  toNull: () => typed('NULL', null),
  toStringSet: set('toStringSet', 'SS'),
  toNumberSet: set('toNumberSet', 'NS'),
  toBinarySet: set('toBinarySet', 'BS'),
  toList: (call, value) => (isList(value) ? typed('L', toTypedList(value, call.budget)) : null),
  toMap: (call, value) => (isMap(value) ? typed('M', toTypedMap(value, call.budget)) : null),
  toMapValues: (call, value) =>
    value === null || value === undefined ? null : toTypedMap(requireMap('dynamodb.toMapValues', value), call.budget),
  toS3Object,
  /** The inverse of toS3Object: `{key, bucket, region, version}` of a stored attribute's text. */
  fromS3ObjectJson: ({ budget }, text) => {
    const stored = readJson(requireText('dynamodb.fromS3ObjectJson', text), budget);
    return readKey(requireMap('dynamodb.fromS3ObjectJson', stored), 's3');
  },
});
