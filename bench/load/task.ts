import { monotonicUs } from '../measure/monotonic.js';

/** Bytes of a task as it is delivered, unless a measurement says otherwise. */
export const usualTaskBytes = 300;

export interface Task {
  readonly boardId: string;
  /** JSON text of the task's fields, in the order of the subscription. */
  readonly text: string;
}

let count = 0;

/** A task of the given size, stamped with the time: make it right before it is published. */
export function makeTask(boardId = 'board-0', bytes = usualTaskBytes): Task {
  count += 1;
  const fields = {
    sentAt: monotonicUs(),
    id: `task-${count}`,
    boardId,
    title: 'High Priority Task',
    status: 'WIP',
    owner: 'janed',
    description: '',
  };
  const missing = bytes - JSON.stringify(fields).length;
  return { boardId, text: JSON.stringify({ ...fields, description: 'd'.repeat(Math.max(0, missing)) }) };
}
