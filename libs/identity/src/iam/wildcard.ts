/**
 * A test for texts by an IAM pattern: `*` stands for any characters, also none and also slashes, `?` for one. Case counts.
 * The time is bounded by the product of both lengths, whatever the pattern.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => matches(pattern, text);
}

/** Greedy, with one way back: to the last star, which takes one character more. An earlier star never needs another try. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let taken = 0;
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      taken = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
