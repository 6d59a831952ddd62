import type { JsonValue } from '#libs/protocol';
import type { FilterGroup } from '../filter-group.js';
import { matchesFilterGroup } from '../matches-filter-group.js';

/** What `add` gave for one subscriber and its filter group, to be given back to `remove`. Opaque. */
export interface FilterHandle {
  readonly isAdded: boolean;
}

interface Entry<Subscriber> extends FilterHandle {
  isAdded: boolean;
  readonly group: FilterGroup;
  readonly subscriber: Subscriber;
}

/** Which subscribers an event is for: `matchesFilterGroup` for all groups at once. */
export class FilterIndex<Subscriber> {
  private readonly entries = new Set<Entry<Subscriber>>();

  /** Groups that are in the index. A group added twice counts twice. */
  get size(): number {
    return this.entries.size;
  }

  /** Different conjunctions (filters of groups) that are in the index, whatever the number of subscribers of each. */
  get conjunctions(): number {
    return this.entries.size;
  }

  /** Conjunctions that are checked for every event, because no rule of theirs can be looked up. */
  get scanListLength(): number {
    return this.entries.size;
  }

  /** From here on the subscriber is visited for what the group matches. */
  add(group: FilterGroup, subscriber: Subscriber): FilterHandle {
    const entry: Entry<Subscriber> = { isAdded: true, group, subscriber };
    this.entries.add(entry);
    return entry;
  }

  /** From here on the subscriber is no longer visited for that group. Removing twice has no effect. */
  remove(handle: FilterHandle): void {
    const entry = handle as Entry<Subscriber>;
    entry.isAdded = false;
    this.entries.delete(entry);
  }

  /**
   * Calls `visit` with the subscriber of each group that matches the payload, once per group, in no promised order.
   *
   * `visit` may add and remove: what is removed before its turn is not visited, what is added is not visited for this payload.
   * What it throws ends the call and is thrown on.
   */
  match(payload: JsonValue, visit: (subscriber: Subscriber) => void): void {
    for (const entry of [...this.entries].filter(({ group }) => matchesFilterGroup(group, payload))) {
      if (entry.isAdded) visit(entry.subscriber);
    }
  }
}
