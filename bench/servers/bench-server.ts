import type { LoadTarget } from '../load/load-connection.js';
import type { Task } from '../load/task.js';

/** Brings tasks to a server, as its own mutations would. */
export interface TaskPublisher {
  publish(task: Task): Promise<void>;
}

/** What a server says of itself when asked. Rubbish is collected first, so that what is left is what it holds. */
export interface ServerMemory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

export type ServerKind = 'raw ws' | 'starling' | 'stock';

/** A server that is measured: a process of its own, on a core of its own. */
export interface BenchServer extends TaskPublisher {
  readonly kind: ServerKind;
  readonly pid: number;
  readonly target: LoadTarget;
  memory(): Promise<ServerMemory>;
  /** Value of a gauge or counter of its `/metrics`, summed over labels; undefined where it has none of that name. */
  metric(name: string): Promise<number | undefined>;
  stop(): Promise<void>;
}
