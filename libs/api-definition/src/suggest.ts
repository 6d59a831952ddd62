/**
 * The candidate that a mistyped word most likely meant: the nearest by edit distance, no further than a third of its length
 * (at least 2). Case does not count. Undefined when none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  const limit = Math.max(2, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    // A long difference in length is a long distance: skips the quadratic comparison.
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `Did you mean "x"`, else what there is to choose from, else `otherwise`. */
export function suggest(word: string, candidates: Iterable<string>, otherwise = ''): string {
  const known = [...candidates];
  const candidate = nearest(word, known);
  if (candidate !== undefined) return `Did you mean "${candidate}"?`;
  if (known.length === 0 || known.length > maxListed) return otherwise;
  return `There is ${listOf(known, 'and')}`;
}

/** Above this many, a list of all the choices hides the fault. */
const maxListed = 12;

/** `a, b and c`. */
export function listOf(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
