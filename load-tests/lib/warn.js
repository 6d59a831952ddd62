// Says what went wrong, a few times: thousands of connections have the same to say.

/** Lines of one virtual user. */
const maxLines = 3;
let lines = 0;

export function warn(text) {
  lines += 1;
  if (lines <= maxLines) console.warn(text);
}
