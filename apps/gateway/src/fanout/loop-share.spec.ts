import { setImmediate as nextImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LoopShare, maxTurnMs } from './loop-share.js';

/** Works without letting the event loop go on. */
function workFor(ms: number): void {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt);
}

describe('a share of the event loop', () => {
  it('should do what is small at once, in order', () => {
    const done: number[] = [];
    expect(new LoopShare().run(100, (index) => done.push(index))).toBeUndefined();
    expect(done).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(new LoopShare().run(0, () => done.push(-1))).toBeUndefined();
    expect(done).not.toContain(-1);
  });

  it('should do what is large in turns, in order, and let others in between', async () => {
    const share = new LoopShare();
    const done: number[] = [];
    const seenByOthers = new Set<number>();
    const rest = share.run(200, (index) => {
      workFor(maxTurnMs / 16);
      done.push(index);
    });
    expect(rest).toBeInstanceOf(Promise);
    expect(share.isBusy).toBe(true);
    while (share.isBusy) {
      seenByOthers.add(done.length);
      await nextImmediate();
    }
    await rest;
    expect(done).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(seenByOthers.size).toBeGreaterThan(3);
  });

  it('should count all that is done in one turn together', async () => {
    const share = new LoopShare();
    expect(share.isSpent).toBe(false);
    workFor(maxTurnMs);
    expect(share.isSpent).toBe(true);
    await share.nextTurn();
    expect(share.isSpent).toBe(false);
  });

  it('should begin to count anew in a turn in which nobody waited for it', async () => {
    const share = new LoopShare();
    expect(share.isSpent).toBe(false);
    await nextImmediate();
    workFor(maxTurnMs);
    expect(share.isSpent).toBe(false);
  });

  it('should throw on what a step throws, in its first turn and later', async () => {
    const share = new LoopShare();
    const failAt = (last: number) => (index: number) => {
      workFor(maxTurnMs / 16);
      if (index === last) throw new Error(`step ${last}`);
    };
    expect(() => void share.run(200, failAt(1))).toThrow('step 1');
    await expect(share.run(200, failAt(150))).rejects.toThrow('step 150');
    expect(share.isBusy).toBe(false);
  });
});
