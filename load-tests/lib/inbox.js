// Frames that wait until k6 has time for them. Uses nothing of k6 or Node but `setTimeout`.

/**
 * How long the first of them waits, in milliseconds. What goes to every client comes within less: reading it then has the processor for itself,
 * which servers on this machine, and the reading of the other clients, would lack otherwise.
 */
const waitMs = 250;

/** One for each virtual user: every connection puts its frames here. */
export function createInbox() {
  let waiting = [];
  let timer;

  function empty() {
    clearTimeout(timer);
    timer = undefined;
    const frames = waiting;
    waiting = [];
    for (const { handle, text, at } of frames) handle(text, at);
  }

  return {
    /** `handle(text, at)`, which must not throw, is called for it soon, after those that came before. */
    put(handle, text, at) {
      waiting.push({ handle, text, at });
      timer ??= setTimeout(empty, waitMs);
    },
    /** Handles now all that waits. Before anything is said of a connection that what it has received bears on. */
    empty,
  };
}
