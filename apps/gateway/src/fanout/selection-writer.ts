import { nonNullMessage } from '#libs/execution';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { jsonText } from './json-text.js';

/** An error in a delivery, with the members that AppSync gives it (AppSync reference, sections 4.2 and 5.3). */
export interface DeliveryError {
  readonly message: string;
  readonly path: Path;
  readonly errorType?: string | null;
}

type Path = readonly (string | number)[];

/** What the writers of one delivery share. */
export interface Writing {
  /**
   * Where the value stands that is being written: one array for the whole delivery. Each list and object sets the place at its
   * own level before what stands there is written, so it costs a store and not a copy; only an error copies it.
   */
  readonly path: (string | number)[];
  readonly errors: DeliveryError[];
}

/** The JSON text of one value. Undefined: a null stands where the schema allows none, and the error is told. */
export type Write = (value: JsonValue | undefined, writing: Writing) => string | undefined;

/** One field of an object, as it is written. */
export interface Member {
  readonly responseKey: string;
  /** Of the field, which is its name in the payload. */
  readonly name: string;
  /** Undefined for a nullable scalar or enum, which is its JSON text and needs no place. */
  readonly write: Write | undefined;
}

/** A member with what is the same for every payload. */
interface PreparedMember extends Member {
  /** The comma before it and its response key, a name that needs no escapes. */
  readonly opening: string;
  /** The name is one that every object inherits: whether the payload has it must be asked. */
  readonly isInherited: boolean;
}

/** Writes the members of an object, in order; anything but an object is null. `level`: of the members in the path. */
export function objectWriter(members: readonly Member[], level: number): Write {
  const prepared = members.map((member, index): PreparedMember => ({
    ...member,
    opening: `${index === 0 ? '{' : ','}"${member.responseKey}":`,
    isInherited: member.name in Object.prototype,
  }));
  const closing = prepared.length === 0 ? '{}' : '}';
  return (value, writing) => {
    if (!isJsonObject(value)) return 'null';
    let text = '';
    for (const { opening, name, isInherited, write, responseKey } of prepared) {
      const member = isInherited && !Object.hasOwn(value, name) ? undefined : value[name];
      if (write === undefined) {
        text += opening + jsonText(member);
        continue;
      }
      writing.path[level] = responseKey;
      const written = write(member, writing);
      if (written === undefined) return undefined;
      text += opening + written;
    }
    return text + closing;
  };
}

/** Writes the items of a list; anything but a list is null. `level`: of the items in the path. */
export function listWriter(writeItem: Write, level: number): Write {
  return (value, writing) => {
    if (!Array.isArray(value)) return 'null';
    const items = value as readonly JsonValue[];
    let text = '[';
    for (let index = 0; index < items.length; index += 1) {
      writing.path[level] = index;
      const written = writeItem(items[index], writing);
      if (written === undefined) return undefined;
      text += index === 0 ? written : `,${written}`;
    }
    return `${text}]`;
  };
}

/** Writes a value of an interface or union as the type that its `__typename` says; null where there is no such type. */
export function abstractWriter(byTypeName: ReadonlyMap<string, Write>): Write {
  return (value, writing) => {
    const typeName = isJsonObject(value) && Object.hasOwn(value, '__typename') ? value.__typename : undefined;
    const write = typeof typeName === 'string' ? byTypeName.get(typeName) : undefined;
    return write ? write(value, writing) : 'null';
  };
}

/** Tells of a null where the schema allows none, once: what is broken already is passed on. `level`: of the value itself. */
export function requireValue(write: Write, typeName: string, parentName: string, level: number): Write {
  return (value, writing) => {
    const written = write(value, writing);
    if (written !== 'null') return written;
    const path = writing.path.slice(0, level + 1);
    writing.errors.push({ message: nonNullMessage(typeName, parentName, path), path });
    return undefined;
  };
}

/** A nullable place ends the way of a broken value upwards. */
export function nullBroken(write: Write): Write {
  return (value, writing) => write(value, writing) ?? 'null';
}

/** Writes null and tells why, whatever the payload has. `level`: of the value itself. */
export function deniedWriter(
  { message, errorType }: Pick<DeliveryError, 'message' | 'errorType'>,
  isRequired: boolean,
  level: number,
): Write {
  return (_value, { path, errors }) => {
    errors.push({ message, path: path.slice(0, level + 1), errorType });
    return isRequired ? undefined : 'null';
  };
}
