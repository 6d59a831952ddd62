import { createMap, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import type { ModuleFunction, ModuleNamespace } from '../module-member.js';

const hints = ['DECIMAL', 'JSON', 'TIMESTAMP', 'TIME', 'UUID', 'DATE'] as const;

function hint(type: string): ModuleFunction {
  return ([value]) => {
    const mark = createMap();
    mark['type'] = type;
    mark['value'] = value ?? null;
    return mark;
  };
}

/** `typeHint.*`: a value with the SQL type that it is to be bound as, in the form AWS gives it. */
export const typeHint: ModuleNamespace = Object.freeze(Object.fromEntries(hints.map((type) => [type, hint(type)])));

/** True for what {@link typeHint} makes: the two members and no other. */
export function isTypeHint(value: Value | undefined): value is ValueMap {
  if (!isMap(value) || !Object.hasOwn(value, 'value') || Object.keys(value).length !== 2) {
    return false;
  }
  const type = readKey(value, 'type');
  return hints.some((name) => name === type);
}
