import type { EventEntry, InvalidationEntry, LogEntry, SequencedEntry } from '#libs/event-log';

/** An event of the board domain, told apart by its number. */
export function taskCreated(n: number): EventEntry {
  return {
    kind: 'event',
    mutation: 'createTask',
    payload: JSON.stringify({ __typename: 'Task', id: `t${n}`, boardId: 'b1' }),
  };
}

/** Ends the subscriptions of one person, and keeps them out for some seconds where those are given. */
export function unsubscribed(username: string, stickySeconds?: number): InvalidationEntry {
  return {
    kind: 'invalidation',
    subscriptionField: 'onCreateTask',
    payload: JSON.stringify({ username }),
    requestId: `request-of-${username}`,
    ...(stickySeconds === undefined ? {} : { stickySeconds }),
  };
}

/** Numbered events of one producer: sequence and task id run from `first`. */
export function tasks(producer: string, first: number, count: number): SequencedEntry[] {
  return Array.from({ length: count }, (_, i) => ({ entry: taskCreated(first + i), producer, sequence: first + i }));
}

/** The task ids in entries, in order. */
export function taskIds(entries: readonly LogEntry[]): string[] {
  return entries.map((entry) => (JSON.parse(entry.payload) as { id: string }).id);
}

/** `t<first>` … `t<last>`. */
export function idsFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `t${first + i}`);
}
