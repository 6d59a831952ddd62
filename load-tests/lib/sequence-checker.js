// What one subscription has received of one board, compared with what was published there. Uses nothing of k6 or Node.

/** Largest gap that is kept number by number, so that a sequence that makes no sense costs no memory to speak of. */
const maxGap = 100_000;

/** In place of the number of a connection: there was none. */
const away = 0;

/** How many of the lost are named, for the log. */
const namedLosses = 5;

/**
 * Counts the events of one board that a subscription has lost, received twice or received after a later one.
 *
 * Publishers number the events of a board 1, 2, 3 and so on, and send the next one only when the one before was answered, so that the
 * order of the numbers is the order of the log. What was acknowledged must arrive once. What was deferred must too, at any time after that; what
 * was neither may arrive once, at any time. The last events of a board (those with `remaining`) name the numbers of both.
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
    /** Whether the very last has. */
    this.hasLast = false;
    /** When the last but one was sent, from its arrival until the very last comes, or the connection goes. */
    this.awaitsLastSince = undefined;
    /** Counts connections, so that it is known whether something went missing on the one that lives. */
    this.life = 1;
    /** By number: the connection that it should have come over, or `away` where there was no subscription. */
    this.missing = undefined;
    /** Numbers that came after higher ones. */
    this.late = undefined;
    /** Numbers before which an acknowledged one is missing that was sent after the subscription had started. */
    this.disputed = undefined;
    /** Numbers that were not acknowledged. */
    this.unsure = undefined;
    /** Numbers that were deferred. */
    this.deferred = undefined;
  }

  /** Whether nothing more will come: the very last event is here, and what was deferred, as far as it must come. */
  get isFinished() {
    return this.hasLast && this.countDeferredMissing() === 0;
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
    // It may come while there is no subscription.
    this.awaitsLastSince = undefined;
    this.life += 1;
  }

  /** An event as it was delivered: `{ sequence, sentAt, previousSentAt?, remaining?, unsure?, deferred? }`. */
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
    this.hasLast ||= event.remaining === 0;
    this.awaitsLastSince = this.hasLast ? undefined : event.sentAt;
    if (event.unsure?.length > 0) this.unsure = new Set(event.unsure);
    if (event.deferred?.length > 0) this.deferred = new Set(event.deferred);
  }

  noteGap({ sequence, previousSentAt }) {
    const { startedAt, highest } = this;
    const isFirstOfAll = highest === 0 && startedAt !== undefined && startedAt <= this.publishingFrom;
    const isLost = !this.isFresh || isFirstOfAll;
    const end = Math.min(sequence, highest + maxGap);
    this.missing ??= new Map();
    for (let number = highest + 1; number < end; number++) this.missing.set(number, isLost ? this.life : away);
    if (!isLost && startedAt !== undefined && previousSentAt > startedAt) (this.disputed ??= []).push(sequence);
  }

  /** What was deferred and did not come over the connection that lives. Over an earlier one: it may have come since, when nobody was there. */
  countDeferredMissing() {
    let count = 0;
    for (const number of this.deferred ?? []) if (this.missing?.get(number) === this.life) count += 1;
    return count;
  }

  /**
   * The counts so far. `missedWhileAway` are events that were published when the subscription did not exist: nothing is
   * promised about them. `lostSequences` are a few of the lost. The very last event is one of them where it has not come over the connection
   * that brought the last but one, if that was sent before `awaitedBefore` (in milliseconds): after one that was late, there was no time for it.
   */
  result({ awaitedBefore = Infinity } = {}) {
    const isSure = (number) => !this.unsure?.has(number) && !this.deferred?.has(number);
    const missing = new Map(this.missing ?? []);
    for (const sequence of this.disputed ?? []) {
      let previous = sequence - 1;
      while (!isSure(previous)) previous -= 1;
      if (missing.has(previous)) missing.set(previous, this.life);
    }
    const known = [...missing.keys()].filter(isSure);
    const lost = known.filter((number) => missing.get(number) !== away);
    const missedWhileAway = known.length - lost.length;
    if (this.awaitsLastSince < awaitedBefore) lost.push(this.highest + 1);
    return {
      received: this.received,
      lost: lost.length,
      lostSequences: lost.slice(0, namedLosses),
      repeated: this.repeated,
      unordered: (this.late ?? []).filter(isSure).length,
      missedWhileAway,
      deferredMissing: this.countDeferredMissing(),
      isComplete: this.isComplete,
    };
  }
}
