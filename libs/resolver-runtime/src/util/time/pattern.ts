import { FieldError } from '#libs/protocol';

/** One letter of a pattern, repeated: `MMM` is the letter M, three times. */
export interface PatternField {
  readonly kind: 'field';
  readonly letter: string;
  readonly count: number;
  /** Width to fill with spaces at the left, from `p`. 0: none. */
  readonly padWidth: number;
}

/** What a pattern of java.time is made of. */
export type PatternPart =
  | PatternField
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'optional'; readonly parts: readonly PatternPart[] };

/** Longest pattern, in characters: three times the longest that standards use. */
const maxPatternLength = 100;

/** Compiled patterns kept. Handlers hold a handful each; more come from clients and need no place. */
const maxCachedPatterns = 200;

/** How often each letter may stand, as java.time.format.DateTimeFormatter has it. */
const maxCounts: Readonly<Record<string, number>> = Object.freeze({
  ...{ G: 5, u: 19, y: 19, Y: 19, M: 5, L: 5, Q: 5, q: 5, w: 2, W: 1, D: 3, d: 2, F: 1, E: 5, e: 5, c: 5, a: 1 },
  ...{ H: 2, k: 2, K: 2, h: 2, m: 2, s: 2, S: 9, A: 19, n: 19, N: 19, V: 2, z: 4, O: 4, X: 5, x: 5, Z: 5 },
});

/** Counts that are refused below the largest. */
const refusedCounts: Readonly<Record<string, readonly number[]>> = Object.freeze({ V: [1], O: [2, 3], c: [2] });

const cache = new Map<string, readonly PatternPart[]>();

/** Reads a pattern of java.time. Throws a FieldError for one that is wrong or longer than 100 characters. */
export function readPattern(pattern: string): readonly PatternPart[] {
  let parts = cache.get(pattern);
  if (parts === undefined) {
    parts = new PatternReader(pattern).read();
    if (cache.size >= maxCachedPatterns) {
      cache.clear();
    }
    cache.set(pattern, parts);
  }
  return parts;
}

class PatternReader {
  private position = 0;

  constructor(private readonly pattern: string) {}

  read(): readonly PatternPart[] {
    if (this.pattern.length > maxPatternLength) {
      throw this.fault(`it has more than ${maxPatternLength} characters`);
    }
    return this.readParts(false);
  }

  private readParts(isOptional: boolean): readonly PatternPart[] {
    const parts: PatternPart[] = [];
    for (;;) {
      const character = this.pattern[this.position];
      if (character === undefined) {
        // A bracket that is never closed ends with the pattern, as in Java.
        return parts;
      }
      if (character === ']') {
        if (!isOptional) {
          throw this.fault("a ']' has no '['");
        }
        this.position += 1;
        return parts;
      }
      parts.push(this.readPart(character));
    }
  }

  private readPart(character: string): PatternPart {
    if (character === '[') {
      this.position += 1;
      return { kind: 'optional', parts: this.readParts(true) };
    }
    if (character === "'") {
      return { kind: 'literal', text: this.readQuoted() };
    }
    if (/[a-zA-Z]/.test(character)) {
      return this.readField();
    }
    if (/[{}#]/.test(character)) {
      throw this.fault(`'${character}' is reserved`);
    }
    this.position += 1;
    return { kind: 'literal', text: character };
  }

  private readQuoted(): string {
    const quoted = /'((?:[^']|'')*)'/y;
    quoted.lastIndex = this.position;
    const match = quoted.exec(this.pattern);
    if (match === null) {
      throw this.fault('a quote is not closed');
    }
    this.position += match[0].length;
    return match[1] === '' ? "'" : (match[1] ?? '').replaceAll("''", "'");
  }

  private readField(): PatternField {
    const padWidth = this.pattern[this.position] === 'p' ? this.countLetters() : 0;
    const letter = this.pattern[this.position] ?? '';
    const max = Object.hasOwn(maxCounts, letter) ? maxCounts[letter] : undefined;
    if (max === undefined) {
      throw this.fault(padWidth > 0 ? "'p' pads nothing" : `there is no letter '${letter}'`);
    }
    const count = this.countLetters();
    if (count > max || refusedCounts[letter]?.includes(count) === true) {
      throw this.fault(`'${letter}' cannot stand ${count} times`);
    }
    return { kind: 'field', letter, count, padWidth };
  }

  private countLetters(): number {
    const letter = this.pattern[this.position];
    const start = this.position;
    while (this.pattern[this.position] === letter) {
      this.position += 1;
    }
    return this.position - start;
  }

  private fault(what: string): FieldError {
    const shown = this.pattern.slice(0, maxPatternLength);
    return new FieldError(`util.time: the pattern '${shown}' cannot be used: ${what}.`, 'MappingTemplate');
  }
}
