import { describe, expect, onTestFinished, test } from 'vitest';

import type { EventLog, LogPage, Retention } from '#libs/event-log';

import { idsFrom, taskIds, tasks, unsubscribed } from './entries.js';
import { record } from './recording.js';

export interface EventLogUnderTest {
  /** A new, empty log; what its callbacks throw is given to `onError`. */
  create(options?: Retention & { onError?: (error: unknown) => void }): EventLog;
}

/** What every event log promises (docs/reference/event-log.md). Run by each implementation. */
export function describeEventLog(name: string, underTest: EventLogUnderTest): void {
  const open = (options?: Parameters<EventLogUnderTest['create']>[0]) => {
    const log = underTest.create(options);
    onTestFinished(() => log.close());
    return log;
  };

  describe(`${name}: order`, () => {
    test('should deliver events and invalidations in the order of their appends', async () => {
      const log = open();
      const recording = await record(log);
      await log.append(tasks('api-1', 1, 2));
      await log.append([
        {
          entry: { kind: 'invalidation', subscriptionField: 'onCreateTask', payload: '{"boardId":"b1"}' },
          producer: 'api-2',
          sequence: 1,
        },
      ]);
      await log.append(tasks('api-1', 3, 1));
      await recording.waitFor(({ story }) => story.includes('t3'), 'the last event');
      expect(recording.story).toEqual(['t1', 't2', 'invalidation:onCreateTask', 't3']);
    });

    test('should give back what was appended, with the positions of the acknowledgement', async () => {
      const log = open();
      const recording = await record(log);
      const entry = {
        kind: 'event',
        mutation: 'createTask',
        payload: '{"title":"Überprüfen ✓ 🐦","nested":{"a":[1,null]}}',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      } as const;
      const positions = await log.append([{ entry, producer: 'api-1', sequence: 1 }, ...tasks('api-1', 2, 1)]);
      await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
      expect(recording.entries[0]).toEqual(entry);
      expect(recording.entries[1]).not.toHaveProperty('traceparent');
      expect(recording.positions).toEqual(positions);
      expect(recording.reader.position).toEqual(positions[1]);
    });

    test('should give back whose request an invalidation was, how long it lasts and what trace it is of, where it was said', async () => {
      const log = open();
      const recording = await record(log);
      const plain = { kind: 'invalidation', subscriptionField: 'onCreateTask', payload: '{}' } as const;
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const entries = [plain, { ...plain, requestId: 'r1', traceparent }, unsubscribed('jdoe', 300)];
      await log.append(entries.map((entry, i) => ({ entry, producer: 'api-1', sequence: i + 1 })));
      await recording.waitFor(({ entries: read }) => read.length === 3, 'all invalidations');
      expect(recording.entries).toEqual(entries);
    });

    test('should say when the log took an entry', async () => {
      const log = open();
      const recording = await record(log);
      const before = Date.now();
      const [position] = await log.append(tasks('api-1', 1, 1));
      await recording.waitFor(({ entries }) => entries.length === 1, 'the event');
      // One machine, so one clock.
      expect(recording.writtenAtMs[0]).toBeGreaterThanOrEqual(before);
      expect(recording.writtenAtMs[0]).toBeLessThanOrEqual(Date.now());
      const page = (await log.page({ ...position!, id: '0-0' })) as LogPage;
      expect(page.entries[0]?.writtenAtMs).toBe(recording.writtenAtMs[0]);
    });

    test('should accept an empty batch', async () => {
      await expect(open().append([])).resolves.toEqual([]);
    });

    test('should deliver to every reader', async () => {
      const log = open();
      const recordings = await Promise.all([record(log), record(log), record(log)]);
      await log.append(tasks('api-1', 1, 5));
      for (const recording of recordings) {
        await recording.waitFor(({ entries }) => entries.length === 5, 'all events');
        expect(recording.story).toEqual(idsFrom(1, 5));
      }
    });
  });

  describe(`${name}: where reading starts`, () => {
    test('should deliver only what is appended after it started at the tail', async () => {
      const log = open();
      await log.append(tasks('api-1', 1, 3));
      const recording = await record(log);
      await log.append(tasks('api-1', 4, 1));
      await recording.waitFor(({ entries }) => entries.length > 0, 'the event');
      expect(recording.story).toEqual(['t4']);
    });

    test('should deliver what follows a position, without a repeat', async () => {
      const log = open();
      const positions = await log.append(tasks('api-1', 1, 5));
      const recording = await record(log, { from: positions[1] });
      await recording.waitFor(({ entries }) => entries.length === 3, 'three events');
      expect(recording.story).toEqual(['t3', 't4', 't5']);
    });

    test('should read from the tail of a log that never had an entry', async () => {
      const log = open();
      const tail = await log.tail();
      await log.append(tasks('api-1', 1, 2));
      const recording = await record(log, { from: tail });
      await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
      expect(recording.story).toEqual(['t1', 't2']);
    });

    test('should give the position of the last acknowledged entry as its tail', async () => {
      const log = open();
      const positions = await log.append(tasks('api-1', 1, 3));
      await expect(log.tail()).resolves.toEqual(positions[2]);
    });

    test('should miss nothing that is appended once the reader is there', async () => {
      const log = open();
      for (let round = 0; round < 50; round += 1) {
        // Appends run before, during and after the start; those given after it must arrive.
        const before = log.append(tasks(`before-${round}`, 1, 3));
        const recording = await record(log);
        await log.append(tasks(`after-${round}`, 100, 3));
        await before;
        await recording.waitFor(({ story }) => story.includes('t102'), `round ${round}`);
        expect(recording.story.filter((id) => idsFrom(100, 102).includes(id))).toEqual(idsFrom(100, 102));
        await recording.reader.close();
      }
    });
  });

  describe(`${name}: duplicates`, () => {
    test('should drop a batch that was appended a second time', async () => {
      const log = open();
      const recording = await record(log);
      await log.append(tasks('api-1', 1, 3));
      await log.append(tasks('api-1', 1, 3));
      await log.append(tasks('api-1', 4, 1));
      await recording.waitFor(({ story }) => story.includes('t4'), 'the last event');
      expect(recording.story).toEqual(idsFrom(1, 4));
    });

    test('should drop the repeated part of a batch that grew before it was repeated', async () => {
      const log = open();
      const recording = await record(log);
      await log.append(tasks('api-1', 1, 2));
      await log.append(tasks('api-1', 1, 4));
      await recording.waitFor(({ story }) => story.includes('t4'), 'the last event');
      expect(recording.story).toEqual(idsFrom(1, 4));
    });

    test('should keep the same sequence of another producer', async () => {
      const log = open();
      const recording = await record(log);
      await log.append(tasks('api-1', 1, 1));
      await log.append(tasks('api-2', 1, 1));
      await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
      expect(recording.story).toEqual(['t1', 't1']);
    });
  });

  describe(`${name}: gaps`, () => {
    test('should report once that retention passed a position, then deliver what is left', async () => {
      const log = open({ maxEntries: 100 });
      const [first] = await log.append(tasks('api-1', 1, 1));
      for (let i = 0; i < 10; i += 1) await log.append(tasks('api-1', 2 + i * 100, 100));
      const recording = await record(log, { from: first });
      await recording.waitFor(({ story }) => story.includes('t1001'), 'the last event');
      expect(recording.gaps).toHaveLength(1);
      expect(recording.gaps[0]).toMatchObject({ reason: 'trimmed', from: first });
      const [gap, ...delivered] = recording.story;
      expect(gap).toBe('gap:trimmed');
      expect(delivered.length).toBeGreaterThanOrEqual(100);
      expect(delivered).toEqual(idsFrom(1002 - delivered.length, 1001));
    });

    test('should report a position of another log as a reset and deliver the whole of this one', async () => {
      const foreign = await open().tail();
      const log = open();
      await log.append(tasks('api-1', 1, 2));
      const recording = await record(log, { from: foreign });
      await recording.waitFor(({ story }) => story.includes('t2'), 'the last event');
      expect(recording.story).toEqual(['gap:reset', 't1', 't2']);
    });

    test('should report a position that is ahead of the log as rewound and go on at the tail', async () => {
      const log = open();
      const [position] = await log.append(tasks('api-1', 1, 1));
      const recording = await record(log, { from: { ...position!, id: '999999999999999-0' } });
      await recording.waitFor(({ gaps }) => gaps.length > 0, 'the gap');
      await log.append(tasks('api-1', 2, 1));
      await recording.waitFor(({ story }) => story.includes('t2'), 'the event');
      expect(recording.story).toEqual(['gap:rewound', 't2']);
    });
  });

  describe(`${name}: sticky invalidations`, () => {
    const forPeople = (log: EventLog, seconds: Readonly<Record<string, number | undefined>>) =>
      log.append(
        Object.entries(seconds).map(([username, stickySeconds], i) => ({
          entry: unsubscribed(username, stickySeconds),
          producer: `api-of-${username}`,
          sequence: i + 1,
        })),
      );
    const people = (entries: readonly { readonly entry: { readonly payload: string } }[]) =>
      entries.map(({ entry }) => (JSON.parse(entry.payload) as { username: string }).username).sort();

    test('should be known to a reader that starts later, each until it is over', async () => {
      const log = open();
      const first = await record(log);
      await forPeople(log, { jdoe: 300, janed: 86_400, once: undefined });
      await first.waitFor(({ entries }) => entries.length === 3, 'all invalidations');
      const later = await record(log);
      expect(people(later.lasting)).toEqual(['janed', 'jdoe']);
      const jdoe = later.lasting.find(({ entry }) => entry.payload === '{"username":"jdoe"}')!;
      expect(jdoe.entry).toMatchObject({ subscriptionField: 'onCreateTask', requestId: 'request-of-jdoe' });
      expect(jdoe.endsAtMs).toBe(first.writtenAtMs[0]! + 300_000);
      expect(first.lasting).toEqual([]);
      expect(later.entries).toEqual([]);
    });

    test('should outlive the entries that retention removes', async () => {
      const log = open({ maxEntries: 100 });
      const [position] = await forPeople(log, { jdoe: 300 });
      for (let i = 0; i < 10; i += 1) await log.append(tasks('api-1', 1 + i * 100, 100));
      expect(await log.page({ ...position!, id: '0-0' })).toMatchObject({ reason: 'trimmed' });
      expect(people((await record(log)).lasting)).toEqual(['jdoe']);
    });

    test('should be told before what follows, when reading starts at a position', async () => {
      const log = open();
      const [, , position] = await forPeople(log, { jdoe: 300, janed: 60, third: undefined });
      await log.append(tasks('api-1', 1, 1));
      const recording = await record(log, { from: position });
      await recording.waitFor(({ story }) => story.includes('t1'), 'the event');
      expect(recording.story.at(-1)).toBe('t1');
      expect(people(recording.lasting)).toEqual(['janed', 'jdoe']);
    });

    test('should be told after a gap, which may have swallowed some', async () => {
      const foreign = await open().tail();
      const log = open();
      await forPeople(log, { jdoe: 300 });
      const recording = await record(log, { from: foreign });
      await recording.waitFor(({ gaps }) => gaps.length > 0, 'the gap');
      await recording.waitFor(({ lasting }) => lasting.length > 0, 'what lasts');
      expect(people(recording.lasting)).toContain('jdoe');
      expect(recording.gaps).toHaveLength(1);
    });

    test('should lose those that are over soonest when there are more than are kept', async () => {
      const log = open({ maxStickyInvalidations: 3 });
      await forPeople(log, { e: 500, a: 100, d: 400, b: 200, c: 300 });
      expect(people((await record(log)).lasting)).toEqual(['c', 'd', 'e']);
      await forPeople(log, { f: 600 });
      expect(people((await record(log)).lasting)).toEqual(['d', 'e', 'f']);
    });

    test('should be remembered in thousands', { timeout: 20_000 }, async () => {
      const log = open();
      for (let batch = 0; batch < 5; batch += 1) {
        await forPeople(log, Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`u${batch}-${i}`, 60 + i])));
      }
      expect(new Set(people((await record(log)).lasting)).size).toBe(1500);
    });
  });

  describe(`${name}: pages`, () => {
    test('should give what follows a position in pages that join', async () => {
      const log = open();
      const start = await log.tail();
      await log.append(tasks('api-1', 1, 7));
      const first = (await log.page(start, 5)) as LogPage;
      const second = (await log.page(first.position, 5)) as LogPage;
      expect([first.isLast, second.isLast]).toEqual([false, true]);
      expect(taskIds([...first.entries, ...second.entries].map(({ entry }) => entry))).toEqual(idsFrom(1, 7));
      expect(second.position).toEqual(await log.tail());
    });

    test('should give an empty last page at the tail', async () => {
      const log = open();
      const [position] = await log.append(tasks('api-1', 1, 1));
      await expect(log.page(position!)).resolves.toEqual({ entries: [], isLast: true, position });
    });

    test('should give a gap instead of a part of what was missed', async () => {
      const log = open({ maxEntries: 100 });
      const [first] = await log.append(tasks('api-1', 1, 1));
      for (let i = 0; i < 5; i += 1) await log.append(tasks('api-1', 2 + i * 100, 100));
      await expect(log.page(first!)).resolves.toEqual({ reason: 'trimmed', from: first, to: await log.tail() });
    });
  });

  describe(`${name}: readers`, () => {
    test('should go on when a callback throws, and report what it threw', async () => {
      const errors: unknown[] = [];
      const log = open({ onError: (error) => errors.push(error) });
      const recording = await record(log, {
        onEntry: () => {
          throw new Error('no such board');
        },
      });
      await log.append(tasks('api-1', 1, 2));
      await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
      expect(errors.map(String)).toEqual(['Error: no such board', 'Error: no such board']);
    });

    test('should wait for a callback that answers a promise before the next entry, and keep their order', async () => {
      const log = open();
      const held: (() => void)[] = [];
      const recording = await record(log, { onEntry: () => new Promise((resolve) => held.push(resolve)) });
      await log.append(tasks('api-1', 1, 2));
      await recording.waitFor(({ entries }) => entries.length === 1, 'the first event');
      await log.append(tasks('api-1', 3, 1));
      // Another reader gets everything meanwhile, and so would this one.
      const other = await record(log, { from: { ...recording.reader.position, id: '0-0' } });
      await other.waitFor(({ entries }) => entries.length === 3, 'all events');
      expect(recording.story).toEqual(['t1']);
      expect(recording.reader.position).toEqual(recording.positions[0]);
      for (const count of [2, 3]) {
        held.shift()!();
        await recording.waitFor(({ entries }) => entries.length === count, `event ${count}`);
      }
      held.shift()!();
      expect(recording.story).toEqual(idsFrom(1, 3));
    });

    test('should go on when a promise of a callback is rejected, and report why', async () => {
      const errors: unknown[] = [];
      const log = open({ onError: (error) => errors.push(error) });
      const recording = await record(log, { onEntry: () => Promise.reject(new Error('no such board')) });
      await log.append(tasks('api-1', 1, 2));
      await recording.waitFor(({ entries }) => entries.length === 2, 'both events');
      expect(errors.map(String)).toContain('Error: no such board');
    });

    test('should call nothing after close, even when closed inside a callback', async () => {
      const log = open();
      const other = await record(log);
      const recording = await record(log, { onEntry: () => void recording.reader.close() });
      await log.append(tasks('api-1', 1, 3));
      await other.waitFor(({ entries }) => entries.length === 3, 'all events');
      await recording.waitFor(({ entries }) => entries.length > 0, 'the first event');
      await recording.reader.close();
      expect(recording.story).toEqual(['t1']);
    });

    test('should close twice, and its readers with it', async () => {
      const log = open();
      const recording = await record(log);
      await log.close();
      await log.close();
      await expect(recording.reader.close()).resolves.toBeUndefined();
      await expect(log.append(tasks('api-1', 1, 1))).rejects.toThrow('The log is closed.');
    });
  });
}
