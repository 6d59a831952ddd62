import { slotBytes } from '../budget.js';
import { readJson } from '../json/read-json.js';
import { writeJson } from '../json/write-json.js';
import { createMap, isList, isMap, readKey } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { requireList, requireMap, requireText } from './util-function.js';
import type { Argument, UtilCall, UtilNamespace } from './util-function.js';

function typed(type: string, value: Value): ValueMap {
  const map = createMap();
  map[type] = value;
  return map;
}

/** The DynamoDB typed form of a value; lists become `L`, never a set. `N` carries a JSON number (AppSync reference, section 7.4). */
function toTyped(value: Value, call: UtilCall): ValueMap {
  if (value === null) {
    return typed('NULL', null);
  }
  switch (typeof value) {
    case 'string':
      return typed('S', value);
    case 'number':
      return typed('N', value);
    case 'boolean':
      return typed('BOOL', value);
    default:
      return isList(value) ? typed('L', toTypedList(value, call)) : typed('M', toTypedMap(value, call));
  }
}

function toTypedList(list: readonly Value[], call: UtilCall): Value[] {
  call.budget.enter();
  call.budget.spend(list.length * 2 * slotBytes);
  const items = list.map((item) => toTyped(item, call));
  call.budget.leave();
  return items;
}

function toTypedMap(map: ValueMap, call: UtilCall): ValueMap {
  call.budget.enter();
  const result = createMap();
  for (const key of Object.keys(map)) {
    call.budget.spend(2 * slotBytes);
    result[key] = toTyped(map[key] ?? null, call);
  }
  call.budget.leave();
  return result;
}

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
  toDynamoDB: (call, value) => toTyped(value ?? null, call),
  toString: scalar('S'),
  toNumber: scalar('N'),
  toBoolean: scalar('BOOL'),
  toBinary: scalar('B'),
  toNull: () => typed('NULL', null),
  toStringSet: set('toStringSet', 'SS'),
  toNumberSet: set('toNumberSet', 'NS'),
  toBinarySet: set('toBinarySet', 'BS'),
  toList: (call, value) => (isList(value) ? typed('L', toTypedList(value, call)) : null),
  toMap: (call, value) => (isMap(value) ? typed('M', toTypedMap(value, call)) : null),
  toMapValues: (call, value) =>
    value === null || value === undefined ? null : toTypedMap(requireMap('dynamodb.toMapValues', value), call),
  toS3Object,
  /** The inverse of toS3Object: `{key, bucket, region, version}` of a stored attribute's text. */
  fromS3ObjectJson: ({ budget }, text) => {
    const stored = readJson(requireText('dynamodb.fromS3ObjectJson', text), budget);
    return readKey(requireMap('dynamodb.fromS3ObjectJson', stored), 's3');
  },
});
