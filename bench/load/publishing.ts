import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskPublisher } from '../servers/bench-server.js';
import type { Load } from './load.js';
import { makeTask } from './task.js';
import type { Task } from './task.js';

/**
 * Publishes events so that `waiting` of them are on their way at any time: 1 is one at a time, the next one when every client
 * has the last. Resolves when all have been delivered.
 */
export async function publishKeepingWaiting(
  { load, publisher }: { readonly load: Load; readonly publisher: TaskPublisher },
  { events, waiting, deliveriesPerEvent }: { events: number; waiting: number; deliveriesPerEvent: number },
): Promise<void> {
  const before = load.received;
  for (let published = 0; published < events; published += 1) {
    await load.whenReceived(before + (published - waiting + 1) * deliveriesPerEvent);
    void publisher.publish(makeTask());
  }
  await load.whenReceived(before + events * deliveriesPerEvent);
}

/** Publishes at a pace: what is late is made up for, so that a slow publisher does not spare the server. */
export async function publishAtPace(
  publisher: TaskPublisher,
  { perSecond, seconds, task }: { perSecond: number; seconds: number; task: () => Task },
): Promise<void> {
  const began = performance.now();
  for (let published = 0; published < perSecond * seconds; published += 1) {
    const dueIn = began + (published * 1_000) / perSecond - performance.now();
    if (dueIn >= 1) await sleep(dueIn);
    void publisher.publish(task());
  }
}
