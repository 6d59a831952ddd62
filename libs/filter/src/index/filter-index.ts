import type { JsonValue } from '#libs/protocol';
import type { FilterGroup } from '../filter-group.js';
import { createFilter } from '../filter-group.js';
import { Column } from './column.js';
import { Conjunctions } from './conjunctions.js';
import { Members } from './members.js';

declare const isFilterHandle: unique symbol;

/** What `add` gave for one subscriber and its filter group, to be given back to `remove`. An opaque number. */
export type FilterHandle = number & { readonly [isFilterHandle]: true };

/** A handle is the entry's id plus this many times a serial number, so that one that was removed is not taken for the next. */
const entries = 2 ** 32;
const serials = 2 ** 21;

/** Past this many conjunctions at once, an index that has become empty gives its memory back. */
const keptConjunctions = 4096;

const everything = createFilter([]);

interface Addition<Subscriber> {
  readonly group: FilterGroup;
  readonly subscriber: Subscriber;
}

/**
 * Which subscribers an event is for: `matchesFilterGroup` for all groups at once, in a time that depends on how many match more
 * than on how many there are.
 *
 * ```ts
 * const index = new FilterIndex<Subscription>();
 * const handle = index.add(filterGroup, subscription);
 * index.match(payload, (subscription) => subscription.send(payload));
 * index.remove(handle);
 * ```
 *
 * Groups are not kept: what the index needs of them it has in a compact form, and groups with the same filters share it.
 */
export class FilterIndex<Subscriber> {
  private conjunctionTable = new Conjunctions();
  private members = new Members<Subscriber>();
  private entryCount = 0;
  private mostConjunctions = 0;
  /** By entry: the serial number of its handle; 0 once it was removed. */
  private readonly serialNumbers = new Column();
  private lastSerial = 0;
  /** Runs of `match` that are calling `visit`. What is added and removed meanwhile waits until there is none. */
  private visiting = 0;
  private readonly additions = new Map<number, Addition<Subscriber>>();
  private readonly removals = new Set<number>();
  private spare: number[] | undefined = [];

  /** Groups that are in the index. A group added twice counts twice. */
  get size(): number {
    return this.entryCount;
  }

  /** Different conjunctions (filters of groups) that are in the index, whatever the number of subscribers of each. */
  get conjunctions(): number {
    return this.conjunctionTable.size;
  }

  /**
   * Conjunctions that are checked for every event, because no rule of theirs can be looked up: those of `ne`, `notIn` and
   * `notContains` alone. What an event costs grows with them.
   */
  get scanListLength(): number {
    return this.conjunctionTable.scanListLength;
  }

  /** From here on the subscriber is visited for what the group matches. */
  add(group: FilterGroup, subscriber: Subscriber): FilterHandle {
    const entry = this.members.open();
    this.lastSerial = (this.lastSerial % (serials - 1)) + 1;
    this.serialNumbers.reserve(entry);
    this.serialNumbers.values[entry] = this.lastSerial;
    this.entryCount += 1;
    if (this.visiting > 0) this.additions.set(entry, { group, subscriber });
    else this.enter(entry, group, subscriber);
    return (entry + entries * this.lastSerial) as FilterHandle;
  }

  /** From here on the subscriber is no longer visited for that group. Removing twice has no effect. */
  remove(handle: FilterHandle): void {
    const entry = handle % entries;
    if (this.serialNumbers.values[entry] !== Math.floor(handle / entries)) return;
    this.serialNumbers.values[entry] = 0;
    this.entryCount -= 1;
    if (this.visiting === 0) {
      this.leave(entry);
      this.shrink();
    } else if (this.additions.delete(entry)) {
      this.members.close(entry);
    } else {
      this.removals.add(entry);
    }
  }

  /**
   * Calls `visit` with the subscriber of each group that matches the payload, once per group, in no promised order: conjunctions
   * are found in the order of a hash, and a subscriber takes the place of one that was removed.
   *
   * `visit` may add and remove: what is removed before its turn is not visited, what is added is not visited for this payload.
   * What it throws ends the call and is thrown on. The payload is not kept. Any payload is answered, not only an object.
   */
  match(payload: JsonValue, visit: (subscriber: Subscriber) => void): void {
    // One list serves all events; a match that begins inside a visit finds it in use.
    const matched = this.spare ?? [];
    this.spare = undefined;
    const count = this.conjunctionTable.match(payload, matched);
    this.visiting += 1;
    try {
      this.members.visit(matched, count, this.removals, visit);
    } finally {
      this.spare = matched;
      this.visiting -= 1;
      if (this.visiting === 0) this.applyChanges();
    }
  }

  private enter(entry: number, { kind, filterGroup }: FilterGroup, subscriber: Subscriber): void {
    const filters = filterGroup.length === 0 ? [everything] : filterGroup;
    const conjunctions = new Set<number>();
    for (const filter of filters) conjunctions.add(this.conjunctionTable.intern(filter, kind));
    this.members.enter(entry, [...conjunctions], subscriber);
    this.mostConjunctions = Math.max(this.mostConjunctions, this.conjunctionTable.size);
  }

  private leave(entry: number): void {
    this.members.leave(entry, (conjunction) => this.conjunctionTable.delete(conjunction));
  }

  private shrink(): void {
    if (this.entryCount > 0 || this.mostConjunctions <= keptConjunctions) return;
    this.conjunctionTable = new Conjunctions();
    this.members = new Members();
    this.mostConjunctions = 0;
  }

  private applyChanges(): void {
    for (const entry of this.removals) this.leave(entry);
    this.removals.clear();
    for (const [entry, { group, subscriber }] of this.additions) this.enter(entry, group, subscriber);
    this.additions.clear();
    this.shrink();
  }
}
