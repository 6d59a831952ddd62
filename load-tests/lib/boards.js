// Who subscribes to what, and who publishes it. Uses nothing of k6 or Node.

/** Name of a board of a run: runs against one API do not see each other's. */
export const boardId = (run, board) => `${run}-${board}`;

/** The board whose tasks go to every subscription. */
export const everyone = 'all';

/** The board whose tasks go to the clients that stop reading. */
export const slow = 'slow';

/** The boards of a subscription: one of its own, which it shares with as many others as a mutation should match, and everyone's. */
export function boardsOf({ run, settings }, connection, subscription) {
  const index = connection * settings.SUBSCRIPTIONS_PER_CONNECTION + subscription;
  const own = boardId(run, index % settings.BOARDS);
  return settings.BROADCAST_RATE > 0 ? [own, boardId(run, everyone)] : [own];
}

/** The boards of a publisher: every board has one, so that its events have one order. */
export function boardsOfPublisher({ run, settings }, publisher) {
  const boards = [];
  for (let board = publisher; board < settings.BOARDS; board += settings.PUBLISHERS) boards.push(boardId(run, board));
  return boards;
}

/** Longest time that it takes to publish the last event of every board once, in milliseconds. */
export const closingRoundMs = 5_000;

/** How often the last event of every board is published. */
export const closingRounds = 2;

/** Events that end the boards of a run: they are published whatever the rates are. */
export const closingEvents = ({ BOARDS, BROADCAST_RATE }) => closingRounds * (BOARDS + (BROADCAST_RATE > 0 ? 1 : 0));

/**
 * The moments of a run, in milliseconds from its start: connections are opened until `opened`, events are published from `publishing` to
 * `published`, then the last of each board twice; nobody waits longer than `over`.
 */
export function schedule({ RAMP, SETTLE, DURATION, GRACE }) {
  const publishing = RAMP + SETTLE;
  const published = publishing + DURATION;
  const over = published + closingRounds * closingRoundMs + GRACE;
  return { opened: RAMP, publishing, published, over };
}
