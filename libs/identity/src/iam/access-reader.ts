import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import type { AccessFaults, Place } from './access-faults.js';

/** A mapping of the file, whose members are read by name. */
export type Members = ReadonlyMap<string, Place>;

export interface TextRule {
  /** What a right value looks like. */
  readonly pattern: RegExp;
  /** What to write instead of a wrong one, as a sentence. The value itself is never shown. */
  readonly hint: string;
}

/**
 * The members of a mapping. Others than the known ones are faults: a misspelt `deny` would let somebody in. Null after a fault.
 */
export function readMembers(place: Place, known: readonly string[], faults: AccessFaults): Members | null {
  const { node, path } = place;
  if (!isMap(node)) {
    faults.add(place, `It must be a mapping. Write ${known.slice(0, 2).join(' and ')} below it.`);
    return null;
  }
  const members = new Map<string, Place>();
  for (const pair of node.items) {
    const key = pair.key as Node | null;
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : null;
    if (name === null || !known.includes(name)) {
      // Quoted only where it can be no secret that stands in the wrong place.
      const shown = name !== null && /^[A-Za-z]{1,20}$/.test(name) ? `"${name}" is not known` : 'A name is not known';
      faults.add({ node: key, path }, `${shown}. Write one of ${known.join(', ')}.`);
      continue;
    }
    members.set(name, { node: pair.value as Node | null, path: path === '' ? name : `${path}.${name}` });
  }
  return members;
}

/** The items of a list. None when it is not there. */
export function readItems(place: Place | undefined, faults: AccessFaults): readonly Place[] {
  if (place === undefined || isNothing(place)) return [];
  const { node, path } = place;
  if (!isSeq(node)) {
    faults.add(place, 'It must be a list. Begin each item with "- ".');
    return [];
  }
  return node.items.map((item, index) => ({ node: item as Node | null, path: `${path}[${index}]` }));
}

/** A text that must be there. Null after a fault. */
export function readText(
  members: Members,
  name: string,
  owner: Place,
  rule: TextRule,
  faults: AccessFaults,
): string | null {
  const place = members.get(name);
  if (place === undefined || isNothing(place)) {
    faults.add(owner, `${name} is missing. ${rule.hint}`);
    return null;
  }
  return readOptionalText(members, name, rule, faults);
}

/** A text. Null when it is not there, and after a fault. */
export function readOptionalText(members: Members, name: string, rule: TextRule, faults: AccessFaults): string | null {
  const place = members.get(name);
  return place === undefined || isNothing(place) ? null : readItemText(place, rule, faults);
}

/** A text in its place. Null after a fault. */
export function readItemText(place: Place, { pattern, hint }: TextRule, faults: AccessFaults): string | null {
  const value = isScalar(place.node) ? place.node.value : undefined;
  if (typeof value !== 'string') {
    faults.add(place, 'It must be a text. Put it in quotes.');
    return null;
  }
  // A value from a secret store often ends in a newline.
  const text = value.trim();
  if (pattern.test(text)) return text;
  faults.add(place, hint);
  return null;
}

function isNothing({ node }: Place): boolean {
  return node === null || (isScalar(node) && node.value === null);
}
