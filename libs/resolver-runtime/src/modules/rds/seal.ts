import type { Run } from '../../run.js';
import { createMap, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';

/** What only this module can make: statements, SQL templates, aggregates. */
export type SealedType = 'SELECT' | 'INSERT' | 'UPDATE' | 'REMOVE' | 'SQL' | 'AGGREGATE';

/** The member that holds the seal. */
const sealKey = 'seal';

/**
 * The seal of each run. Handlers hold statements as plain maps, and plain maps also come from clients: without a secret, an
 * argument that looks like a SQL template would be one, and its text would reach the database. On AWS these values are opaque.
 */
const seals = new WeakMap<Run, string>();

function sealOf(run: Run): string {
  let seal = seals.get(run);
  if (seal === undefined) {
    seal = crypto.randomUUID();
    seals.set(run, seal);
  }
  return seal;
}

/** Marks a map as made by this module during this run. */
export function sealed(type: SealedType, members: Readonly<Record<string, Value>>, run: Run): ValueMap {
  const map = Object.assign(createMap(), members);
  map['type'] = type;
  map[sealKey] = sealOf(run);
  return map;
}

/** The type of a map that this module made during this run; undefined for every other value. */
export function readSealedType(value: Value | undefined, run: Run): SealedType | undefined {
  return isMap(value) && readKey(value, sealKey) === seals.get(run) && Object.hasOwn(value, sealKey)
    ? (readKey(value, 'type') as SealedType)
    : undefined;
}
