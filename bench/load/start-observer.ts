import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Observation, ObserverOptions } from './observer.js';

/** Longest wait for its answers, in milliseconds. */
const patienceMs = 60_000;

export interface Observer {
  /** Runs something; resolves with how long the deliveries of that time took. */
  during(work: () => Promise<unknown>): Promise<Observation>;
  stop(): void;
}

/** Starts users who measure how long their deliveries take. Resolves when they have their first ones. */
export async function startObserver(options: ObserverOptions): Promise<Observer> {
  const child = fork(path.join(import.meta.dirname, 'observer.js'), [JSON.stringify(options)]);
  const answer = async (): Promise<unknown> => {
    const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [unknown];
    return message;
  };
  await answer();
  return {
    async during(work) {
      child.send('begin');
      await work();
      child.send('end');
      return (await answer()) as Observation;
    },
    stop: () => void child.kill(),
  };
}
