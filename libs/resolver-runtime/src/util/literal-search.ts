import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';

/**
 * Counts a search for one text in another before it is made. The host's search may compare the whole needle at every 250th
 * place of a text made for it; otherwise it reads the text once.
 */
export function chargeSearch(text: string, search: string, budget: Budget): void {
  budget.step(1 + Math.ceil(text.length / 64) + Math.floor((text.length * search.length) / 16_000));
}

/** How often the text holds the other, without overlaps; the empty text is around every character, as in Java. */
function countOccurrences(text: string, search: string, budget: Budget): number {
  chargeSearch(text, search, budget);
  if (search === '') {
    return text.length + 1;
  }
  let count = 0;
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + search.length)) {
    count += 1;
  }
  return count;
}

/** Replaces every occurrence. The length is counted before the text is made: it can be the product of both texts. */
export function replaceLiteral(text: string, search: string, replacement: string, budget: Budget): string {
  const growth = Math.max(0, replacement.length - search.length);
  budget.spend(text.length + countOccurrences(text, search, budget) * growth);
  return text.replaceAll(search, () => replacement);
}

/** Splits at every occurrence of a text that is not empty; empty pieces at the end are dropped, as in Java. */
export function splitLiteral(text: string, separator: string, budget: Budget): string[] {
  budget.spend(text.length + countOccurrences(text, separator, budget) * slotBytes);
  const pieces = text.split(separator);
  return pieces.slice(0, pieces.findLastIndex((piece) => piece !== '') + 1);
}
