// A virtual user that publishes: the events of its boards at an even rate, each when the one before was answered.
import { sleep } from 'k6';

import { closingRoundMs } from './boards.js';
import { metrics } from './metrics.js';
import { publishCounted } from './publish.js';

/** Attempts to bring the last event of a board to the log, and the pause between them in seconds. */
const closingAttempts = 5;
const closingPauseS = 1;

/** Least time between the last two events of a board, so that one arrives at a client that was away for a moment. */
const leastRoundMs = 1_000;

/** A board as its publisher knows it. `send` publishes its next event and says whether it was acknowledged. */
function createBoard(boardId, title, post) {
  const unsure = [];
  const deferred = [];
  let sequence = 0;
  let previousSentAt;
  return {
    send(remaining) {
      sequence += 1;
      const task = { boardId, sequence, sentAt: Date.now(), previousSentAt, title };
      if (remaining !== undefined)
        Object.assign(task, { remaining, unsure: unsure.slice(), deferred: deferred.slice() });
      const outcome = post(task);
      if (outcome === 'acknowledged') previousSentAt = task.sentAt;
      else (outcome === 'deferred' ? deferred : unsure).push(sequence);
      return outcome === 'acknowledged';
    },
  };
}

/**
 * Publishes to boards in turn from `from` to `until` (milliseconds since 1970), at the rate that `rateAt` gives for a moment, and then twice the last
 * event of each, which lets subscribers know what there was.
 */
export function runPublisher({ settings, credentials, boardIds, titleBytes, from, until, rateAt, index }) {
  if (boardIds.length === 0) return;
  const title = 'x'.repeat(titleBytes);
  const url = settings.GRAPHQL_URL[index % settings.GRAPHQL_URL.length];
  const boards = boardIds.map((id) => createBoard(id, title, (task) => publishCounted(url, credentials, task)));
  let turn = 0;
  // A server that is slow makes it late; it then catches up.
  for (let at = from; at < until; at += 1_000 / rateAt(at)) {
    sleepUntil(at);
    boards[turn % boards.length].send();
    turn += 1;
  }
  sleepUntil(until);
  const pauseMs = Math.min(1_000 / rateAt(until), closingRoundMs / boards.length);
  const roundMs = Math.max(leastRoundMs, pauseMs * boards.length);
  for (const [round, remaining] of [1, 0].entries()) {
    for (const [position, board] of boards.entries()) {
      sleepUntil(until + round * roundMs + position * pauseMs);
      if (!close(board, remaining) && remaining === 0) metrics.unfinished.add(1);
    }
  }
}

/** Publishes one of the last events of a board until it is acknowledged; false: it was not. */
function close(board, remaining) {
  for (let left = closingAttempts; left > 0; left--) {
    if (board.send(remaining)) return true;
    if (left > 1) sleep(closingPauseS);
  }
  return false;
}

function sleepUntil(at) {
  const waitMs = at - Date.now();
  if (waitMs > 0) sleep(waitMs / 1_000);
}
