import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defineApi } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import { FairTurns } from './fair-turns.js';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('fair turns', () => {
  it('should let go on at once what finds time', async () => {
    const turns = new FairTurns();
    for (let i = 0; i < 3; i += 1) {
      expect(turns.take()).toBeUndefined();
      expect(turns.take()).toBeUndefined();
      await nextTurn();
    }
  });

  it('should make wait what finds none, and let it go on in the order it came', async () => {
    const turns = new FairTurns();
    const order: number[] = [];
    const task = async (n: number) => {
      const turn = turns.take();
      if (turn) await turn;
      order.push(n);
      work(6);
    };
    const tasks = Promise.all([1, 2, 3, 4, 5, 6].map(task));
    const sizes: number[] = [];
    while (order.length < 6) {
      sizes.push(order.length);
      await nextTurn();
    }
    await tasks;
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
    // Two of 6 ms fill a turn of 10, and the first two were done before the first look.
    expect(sizes.length).toBeGreaterThanOrEqual(2);
  });

  it('should not be overtaken by what comes later', async () => {
    const turns = new FairTurns();
    const order: string[] = [];
    void turns.take();
    work(11);
    const waits = turns.take()!.then(() => order.push('first'));
    await nextTurn();
    await Promise.all([waits, (async () => (await turns.take(), order.push('second')))()]);
    expect(order).toEqual(['first', 'second']);
  });
});

describe('resolvers that wait for nothing', () => {
  it('should leave turns of the event loop to others', { timeout: 20_000 }, async () => {
    const sdl = 'type Task { note: String } type Query { tasks: [Task] }';
    const busy = '#foreach($i in [1..200])#set($x = "$i$i")#end#return("note")';
    const api = await defineApi({
      sdl,
      resolvers: {
        'Query.tasks': { answer: () => Array.from({ length: 6000 }, () => ({})) },
        'Task.note': { request: busy },
      },
    });
    const turns: number[] = [];
    let isDone = false;
    const executed = execute(api, '{ tasks { note } }').finally(() => (isDone = true));
    while (!isDone) {
      turns.push(performance.now());
      await nextTurn();
    }
    expect((await executed).errors).toEqual([]);
    expect(turns.length).toBeGreaterThan(10);
  });
});
