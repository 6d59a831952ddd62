import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskPublisher } from '../servers/bench-server.js';
import type { Load } from './load.js';
import { makeTask } from './task.js';
import type { Task } from './task.js';

export interface Waiting {
  readonly forMs: number;
  /** Events that are on their way at any time. */
  readonly waiting: number;
  readonly deliveriesPerEvent: number;
  /** Default: one for every connection without a board. */
  readonly task?: () => Task;
}

/**
 * Publishes events for a while so that `waiting` of them are on their way at any time: 1 is one at a time, the next one when every
 * client has the last. Resolves with how many there were, when all have been delivered.
 */
export async function publishKeepingWaiting(
  { load, publisher }: { readonly load: Load; readonly publisher: TaskPublisher },
  { forMs, waiting, deliveriesPerEvent, task = makeTask }: Waiting,
): Promise<number> {
  const before = load.received;
  const end = performance.now() + forMs;
  let published = 0;
  // Never so few that the queue was full for a moment only, however slow the server is.
  while (performance.now() < end || published < waiting * 1.5) {
    await load.whenReceived(before + (published - waiting + 1) * deliveriesPerEvent);
    void publisher.publish(task());
    published += 1;
  }
  await load.whenReceived(before + published * deliveriesPerEvent);
  return published;
}

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
  readonly task: () => Task;
}

/** Publishes at a pace: what is late is made up for, so that a slow publisher does not spare the server. */
export async function publishAtPace(publisher: TaskPublisher, { perSecond, seconds, task }: Pace): Promise<void> {
  const began = performance.now();
  for (let published = 0; published < perSecond * seconds; published += 1) {
    const dueInMs = began + (published * 1_000) / perSecond - performance.now();
    if (dueInMs >= 1) await sleep(dueInMs);
    void publisher.publish(task());
  }
}
