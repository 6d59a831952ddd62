// What one subscription has received of one board, compared with what was published there. Uses nothing of k6 or Node.

/** Largest gap that is kept number by number, so that a sequence that makes no sense costs no memory to speak of. */
const maxGap = 100_000;

/** How many of the lost are named, for the log. */
const namedLosses = 5;

/**
 * Counts the events of one board that a subscription has lost, received twice or received after a later one.
 *
 * Publishers number the events of a board 1, 2, 3 and so on, and send the next one only when the one before was answered, so that the
 * order of the numbers is the order of the log. What was acknowledged must arrive once. What was not, or was deferred, may arrive once, at
 * any time: the last events of a board (those with `remaining`) name these numbers.
 *
 * There are thousands of these, so that collections are made only where something went wrong.
 */
export class SequenceChecker {
  /** `publishingFrom`: when the first event is sent, in milliseconds. Whoever has subscribed by then misses none. */
  constructor({ publishingFrom }) {
    this.publishingFrom = publishingFrom;
    this.highest = 0;
    this.received = 0;
    this.repeated = 0;
    this.startedAt = undefined;
    /** Whether the next event is the first since the subscription has started, or started again. */
    this.isFresh = true;
    /** Whether one of the last events of the board has arrived, so that what is missing before it is known. */
    this.isComplete = false;
    /** Whether the very last has: nothing more will come. */
    this.isFinished = false;
    /** By number: 'lost' while connected, or 'away' while there was no subscription. */
    this.missing = undefined;
    /** Numbers that came after higher ones. */
    this.late = undefined;
    /** Numbers before which an acknowledged one is missing that was sent after the subscription had started. */
    this.disputed = undefined;
    /** Numbers that were not acknowledged. */
    this.unsure = undefined;
  }

  /** The subscription has started, or started again: what is sent after this moment (in milliseconds) arrives. */
  started(at) {
    this.startedAt = at;
    this.isFresh = true;
  }

  /** The connection is gone, and with it the subscription. */
  interrupted() {
    this.startedAt = undefined;
    this.isFresh = true;
  }

  /** An event as it was delivered: `{ sequence, previousSentAt?, remaining?, unsure? }`. */
  receive(event) {
    this.received += 1;
    if (event.sequence > this.highest) {
      if (event.sequence > this.highest + 1) this.noteGap(event);
      this.highest = event.sequence;
    } else if (this.missing?.delete(event.sequence)) (this.late ??= []).push(event.sequence);
    else this.repeated += 1;
    this.isFresh = false;
    if (typeof event.remaining !== 'number') return;
    this.isComplete = true;
    this.isFinished ||= event.remaining === 0;
    if (event.unsure?.length > 0) this.unsure = new Set(event.unsure);
  }

  noteGap({ sequence, previousSentAt }) {
    const { startedAt, highest } = this;
    const isFirstOfAll = highest === 0 && startedAt !== undefined && startedAt <= this.publishingFrom;
    const isLost = !this.isFresh || isFirstOfAll;
    const end = Math.min(sequence, highest + maxGap);
    this.missing ??= new Map();
    for (let number = highest + 1; number < end; number++) this.missing.set(number, isLost ? 'lost' : 'away');
    if (!isLost && startedAt !== undefined && previousSentAt > startedAt) (this.disputed ??= []).push(sequence);
  }

  /**
   * The counts so far. `missedWhileAway` are events that were published when the subscription did not exist: nothing is
   * promised about them. `lostSequences` are a few of the lost.
   */
  result() {
    const isSure = (number) => !this.unsure?.has(number);
    const missing = new Map(this.missing ?? []);
    for (const sequence of this.disputed ?? []) {
      let previous = sequence - 1;
      while (!isSure(previous)) previous -= 1;
      if (missing.has(previous)) missing.set(previous, 'lost');
    }
    const known = [...missing.keys()].filter(isSure);
    const lost = known.filter((number) => missing.get(number) === 'lost');
    return {
      received: this.received,
      lost: lost.length,
      lostSequences: lost.slice(0, namedLosses),
      repeated: this.repeated,
      unordered: (this.late ?? []).filter(isSure).length,
      missedWhileAway: known.length - lost.length,
      isComplete: this.isComplete,
    };
  }
}
