import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceChecker } from '../../load-tests/lib/sequence-checker.js';
import type { SequencedEvent } from '../../load-tests/lib/sequence-checker.js';

/** When the first event is sent; event n is sent n seconds later. */
const publishingFrom = 10_000;
const sentAt = (sequence: number): number => publishingFrom + sequence * 1_000;

/** Event n, after n - 1 was acknowledged. */
function event(sequence: number, more: Partial<SequencedEvent> = {}): SequencedEvent {
  return { sequence, sentAt: sentAt(sequence), previousSentAt: sequence > 1 ? sentAt(sequence - 1) : null, ...more };
}

/** The last but one; `deferred` are numbers before it. */
const penultimate = (sequence: number, deferred: readonly number[] = []): SequencedEvent =>
  event(sequence, { remaining: 1, unsure: [], deferred });

const last = (sequence: number, unsure: readonly number[] = []): SequencedEvent =>
  event(sequence, { remaining: 0, unsure });

/** What a subscription that was there before the first event has received. */
function check(events: readonly (number | SequencedEvent)[]): Record<string, unknown> {
  const checker = new SequenceChecker({ publishingFrom });
  checker.started(publishingFrom - 1);
  for (const each of events) checker.receive(typeof each === 'number' ? event(each) : each);
  return { ...checker.result() };
}

const faultless = { lost: 0, repeated: 0, unordered: 0, missedWhileAway: 0, isComplete: true };

describe('the sequence checker, of a connection that lives', () => {
  it.each<[string, (number | SequencedEvent)[], object]>([
    ['everything, once and in order', [1, 2, last(3)], faultless],
    ['nothing', [], { ...faultless, isComplete: false }],
    ['one lost', [1, 3, last(4)], { ...faultless, lost: 1, lostSequences: [2] }],
    ['the first lost', [2, last(3)], { ...faultless, lost: 1, lostSequences: [1] }],
    ['several lost', [1, 5, last(8)], { ...faultless, lost: 5, lostSequences: [2, 3, 4, 6, 7] }],
    ['one twice', [1, 2, 2, last(3)], { ...faultless, repeated: 1 }],
    ['an old one again', [1, 2, 3, 1, last(4)], { ...faultless, repeated: 1 }],
    ['two swapped', [1, 3, 2, last(4)], { ...faultless, unordered: 1 }],
    ['one late and then again', [1, 3, 2, 2, last(4)], { ...faultless, unordered: 1, repeated: 1 }],
    ['the end lost', [1, 2], { ...faultless, isComplete: false }],
    ['the end known, and lost before it', [1, last(4)], { ...faultless, lost: 2, lostSequences: [2, 3] }],
    ['the very last lost', [1, penultimate(2)], { ...faultless, lost: 1, lostSequences: [3] }],
    ['the last two swapped', [1, last(3), penultimate(2)], { ...faultless, unordered: 1 }],
    ['the very last twice', [1, last(2), last(2)], { ...faultless, repeated: 1 }],
  ])('should count %s', (_, received, expected) => {
    expect(check(received)).toMatchObject(expected);
  });

  it.each<[string, (number | SequencedEvent)[], object]>([
    ['is missing', [1, 3, last(4, [2])], faultless],
    ['comes late', [1, 3, 2, last(4, [2])], faultless],
    ['comes in time', [1, 2, 3, last(4, [2])], faultless],
    ['comes twice', [1, 2, 2, last(4, [2])], { repeated: 1, lost: 1, lostSequences: [3] }],
    ['is missing beside one that is lost', [1, 4, last(5, [2])], { lost: 1, lostSequences: [3] }],
  ])('should allow for a mutation without an answer, whose event %s', (_, received, expected) => {
    expect(check(received)).toMatchObject(expected);
  });

  const lastDeferring = (sequence: number, deferred: readonly number[]): SequencedEvent =>
    event(sequence, { remaining: 0, unsure: [], deferred });

  it.each<[string, (number | SequencedEvent)[], object]>([
    ['is missing', [1, 3, lastDeferring(4, [2])], { ...faultless, deferredMissing: 1 }],
    ['comes late', [1, 3, 2, lastDeferring(4, [2])], { ...faultless, deferredMissing: 0 }],
    ['comes after the very last', [1, 3, lastDeferring(4, [2]), 2], { ...faultless, deferredMissing: 0 }],
    ['comes twice', [1, 3, 2, lastDeferring(4, [2]), 2], { repeated: 1, deferredMissing: 0 }],
    ['is missing beside one that is lost', [1, 4, lastDeferring(5, [2])], { lost: 1, deferredMissing: 1 }],
    ['is missing before the last but one', [1, penultimate(3, [2]), lastDeferring(4, [2])], { deferredMissing: 1 }],
  ])('should expect what was deferred, in any order, and count apart what %s', (_, received, expected) => {
    expect(check(received)).toMatchObject(expected);
  });

  it('should not say that all has come while something deferred is missing', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.started(publishingFrom - 1);
    for (const each of [event(1), event(3), lastDeferring(4, [2])]) checker.receive(each);
    expect(checker).toMatchObject({ isComplete: true, isFinished: false });
    checker.receive(event(2));
    expect(checker.isFinished).toBe(true);
  });

  it('should not take the very last for lost when the one before it was so late that there was no time for it', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.started(publishingFrom - 1);
    for (const each of [event(1), penultimate(2)]) checker.receive(each);
    expect(checker.result({ awaitedBefore: sentAt(2) })).toMatchObject(faultless);
    expect(checker.result({ awaitedBefore: sentAt(2) + 1 })).toMatchObject({ lost: 1 });
  });

  it('should say when the very last has come, and not before', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.receive(event(1, { remaining: 1, unsure: [] }));
    expect(checker).toMatchObject({ isComplete: true, isFinished: false });
    checker.receive(last(2));
    expect(checker).toMatchObject({ isComplete: true, isFinished: true });
  });

  it('should bound what it keeps of a gap that makes no sense', () => {
    expect(check([1, 2_000_000_000])).toMatchObject({ lost: 99_999 });
  });
});

describe('the sequence checker, of a connection that comes and goes', () => {
  /** Receives up to event 2, is away from 2.5 s, and is back at `backAt`. */
  function backAt(at: number): SequenceChecker {
    const checker = new SequenceChecker({ publishingFrom });
    checker.started(publishingFrom - 1);
    checker.receive(event(1));
    checker.receive(event(2));
    checker.interrupted();
    checker.started(at);
    return checker;
  }

  it('should count what was published meanwhile as missed, not as lost', () => {
    const checker = backAt(sentAt(4) + 1);
    checker.receive(event(5));
    checker.receive(last(6));
    expect(checker.result()).toMatchObject({ ...faultless, missedWhileAway: 2 });
  });

  it('should count what was sent after the subscription had started again as lost', () => {
    const checker = backAt(sentAt(3) + 1);
    checker.receive(event(5));
    checker.receive(last(6));
    expect(checker.result()).toMatchObject({ lost: 1, lostSequences: [4], missedWhileAway: 1 });
  });

  it('should look past mutations without an answer for what was sent after that', () => {
    const checker = backAt(sentAt(3) + 1);
    // 5 was not acknowledged: the one before 6 that was is 4.
    checker.receive(event(6, { previousSentAt: sentAt(4) }));
    checker.receive(last(7, [5]));
    expect(checker.result()).toMatchObject({ lost: 1, lostSequences: [4], missedWhileAway: 1 });
  });

  it('should not take the very last for lost when the connection went before it', () => {
    const checker = backAt(sentAt(2) + 1);
    checker.receive(penultimate(3));
    checker.interrupted();
    checker.started(sentAt(3) + 1);
    expect(checker.result()).toMatchObject(faultless);
  });

  it('should not expect what was deferred of a connection that is gone: it may have come since, when nobody was there', () => {
    const checker = backAt(sentAt(2) + 1);
    checker.receive(event(3));
    checker.receive(event(5));
    checker.interrupted();
    checker.started(sentAt(5) + 1);
    checker.receive(event(6, { remaining: 0, unsure: [], deferred: [4] }));
    expect(checker).toMatchObject({ isFinished: true });
    expect(checker.result()).toMatchObject({ ...faultless, deferredMissing: 0 });
  });

  it('should count what comes again over the next connection as repeated', () => {
    const checker = backAt(sentAt(2) + 1);
    checker.receive(event(2));
    checker.receive(last(3));
    expect(checker.result()).toMatchObject({ ...faultless, repeated: 1 });
  });

  it('should not take what it missed for missed when it comes after all', () => {
    const checker = backAt(sentAt(3) + 1);
    checker.receive(event(4));
    checker.receive(event(3));
    checker.receive(last(5));
    expect(checker.result()).toMatchObject({ lost: 0, missedWhileAway: 0, unordered: 1 });
  });

  it('should expect nothing from before a subscription that began late', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.started(sentAt(7) + 1);
    checker.receive(event(8));
    checker.receive(last(9));
    expect(checker.result()).toMatchObject({ ...faultless, missedWhileAway: 7 });
  });

  it('should expect what was sent after a subscription that began late', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.started(sentAt(6) + 1);
    checker.receive(event(8));
    checker.receive(last(9));
    expect(checker.result()).toMatchObject({ lost: 1, lostSequences: [7], missedWhileAway: 6 });
  });

  it('should expect nothing of the time before the server said that the subscription has started', () => {
    const checker = new SequenceChecker({ publishingFrom });
    checker.receive(event(3));
    checker.started(sentAt(3) + 1);
    checker.receive(last(4));
    expect(checker.result()).toMatchObject({ ...faultless, missedWhileAway: 2 });
  });
});

describe('the sequence checker, of any history', () => {
  /** What happens to each event on its way. The last is left alone: nothing comes after it to show what became of it. */
  const fate = fc.constantFrom('delivered', 'delivered', 'delivered', 'lost', 'repeated', 'delayed');

  it('should count what was done to the events, no more and no less', () => {
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 60 }), (fates) => {
        const received: SequencedEvent[] = [];
        const delayed: SequencedEvent[] = [];
        for (const [index, each] of fates.entries()) {
          const one = event(index + 1);
          if (each === 'delayed') delayed.push(one);
          else if (each !== 'lost') received.push(...(each === 'repeated' ? [one, one] : [one]));
          // What was delayed comes after the next that was not.
          if (each !== 'delayed' && each !== 'lost') received.push(...delayed.splice(0));
        }
        const count = (name: string) => fates.filter((each) => each === name).length;
        // Those that nothing overtook come in order after all.
        const overtaken = count('delayed') - delayed.length;
        received.push(...delayed, last(fates.length + 1));
        expect(check(received)).toMatchObject({
          lost: count('lost'),
          repeated: count('repeated'),
          unordered: overtaken,
          received: fates.length + 1 - count('lost') + count('repeated'),
          isComplete: true,
        });
      }),
      { numRuns: 500 },
    );
  });
});
