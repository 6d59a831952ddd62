import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Observation, ObserverOptions } from './observer.js';

/** Longest wait for its answers, in milliseconds. */
const patienceMs = 60_000;

export interface Observer {
  /** Ends it; resolves with what the deliveries since its start took. */
  stop(): Promise<Observation>;
}

/** Starts users who measure how long their deliveries take. Resolves when they have their first ones. */
export async function startObserver(options: ObserverOptions): Promise<Observer> {
  const child = fork(path.join(import.meta.dirname, 'observer.js'), [JSON.stringify(options)]);
  const answer = async (): Promise<unknown> => {
    const signal = AbortSignal.timeout(patienceMs);
    const [message] = (await once(child, 'message', { signal })) as [unknown];
    return message;
  };
  await answer();
  return {
    async stop() {
      const observed = answer();
      child.send('stop');
      return (await observed) as Observation;
    },
  };
}
