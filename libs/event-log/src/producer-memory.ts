import type { SequencedEntry } from './log-entry.js';

/**
 * Producers remembered by one reader. An api pod's life is one producer, so 1000 covers days of restarts; a producer that
 * fell out of it can repeat only an entry it is still retrying, which keeps it recent.
 */
const defaultMaxProducers = 1000;

/** The last sequence met of each producer: tells an entry that was appended twice from one that is new. */
export class ProducerMemory {
  readonly #lastSequences = new Map<string, number>();
  readonly #maxProducers: number;

  constructor(maxProducers = defaultMaxProducers) {
    this.#maxProducers = maxProducers;
  }

  /** True when this entry, or a later one of its producer, was admitted before. */
  hasSeen({ producer, sequence }: Pick<SequencedEntry, 'producer' | 'sequence'>): boolean {
    const last = this.#lastSequences.get(producer);
    return last !== undefined && sequence <= last;
  }

  /** Remembers the entry. False when it was seen before and must be dropped. */
  admit(entry: Pick<SequencedEntry, 'producer' | 'sequence'>): boolean {
    if (this.hasSeen(entry)) return false;
    // Deleting first moves the producer to the end: the map's order is from the longest silent to the most recent.
    this.#lastSequences.delete(entry.producer);
    this.#lastSequences.set(entry.producer, entry.sequence);
    if (this.#lastSequences.size > this.#maxProducers) {
      const [longestSilent] = this.#lastSequences.keys();
      if (longestSilent !== undefined) this.#lastSequences.delete(longestSilent);
    }
    return true;
  }
}
