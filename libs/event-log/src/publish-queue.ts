import type { SequencedEntry } from './log-entry.js';

/** What one call of `publish` brought; it goes into the log as a whole or not at all. */
export interface QueuedGroup {
  readonly entries: readonly SequencedEntry[];
  readonly bytes: number;
  /** Called once, when the log has acknowledged the group. */
  onAppended(): void;
}

/** Groups that wait for the log, in order, with their number of entries and bytes. */
export class PublishQueue {
  #groups: QueuedGroup[] = [];
  #entries = 0;
  #bytes = 0;

  get entries(): number {
    return this.#entries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(group: QueuedGroup): void {
    this.#groups.push(group);
    this.#entries += group.entries.length;
    this.#bytes += group.bytes;
  }

  /** The groups at the head that fit the bounds together, at least one; they stay in the queue until `remove`. */
  head(maxEntries: number, maxBytes: number): readonly QueuedGroup[] {
    let entries = 0;
    let bytes = 0;
    let count = 0;
    for (const group of this.#groups) {
      entries += group.entries.length;
      bytes += group.bytes;
      if (count > 0 && (entries > maxEntries || bytes > maxBytes)) break;
      count += 1;
    }
    return this.#groups.slice(0, count);
  }

  /** Takes the groups that `head` gave off the queue. */
  remove(groups: readonly QueuedGroup[]): void {
    this.#groups.splice(0, groups.length);
    for (const group of groups) {
      this.#entries -= group.entries.length;
      this.#bytes -= group.bytes;
    }
  }
}
