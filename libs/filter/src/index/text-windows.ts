/**
 * Longest stem, in UTF-16 units. A part that is longer is looked up by its first 16 and then searched for: words are shorter,
 * and a text is read once for each length of stem, so this bounds the reading whatever parts clients think of.
 */
const maxStem = 16;

/** Windows are told apart by this many counters per stem, so that one window in sixteen is looked up for nothing. */
const countersPerStem = 16;

const multiplier = 0x01000193;

/**
 * Which of many texts stand somewhere in one text (Rabin and Karp): a hash is rolled over it once per length in use, and only
 * where a counter says that some stem has that hash is the window cut out and looked up.
 */
export class TextWindows {
  private readonly rulesByStem = new Map<string, Stem>();
  /** Stems by length, from 0. */
  private readonly lengths = new Uint32Array(maxStem + 1);
  /** Stems by hash. Counted, not marked, because they also go. */
  private counters = new Uint16Array(256);
  private readonly stemsFound = new Set<Stem>();

  constructor(private readonly found: (rule: number) => void) {}

  set(part: string, rule: number): void {
    const text = part.slice(0, maxStem);
    let stem = this.rulesByStem.get(text);
    if (!stem) {
      this.rulesByStem.set(text, (stem = { parts: [], rules: [] }));
      this.lengths[text.length]! += 1;
      if (this.rulesByStem.size * countersPerStem > this.counters.length) this.grow();
      else this.count(text, 1);
    }
    stem.parts.push(part);
    stem.rules.push(rule);
  }

  delete(part: string): void {
    const text = part.slice(0, maxStem);
    const stem = this.rulesByStem.get(text);
    if (!stem) return;
    const index = stem.parts.indexOf(part);
    stem.parts.splice(index, 1);
    stem.rules.splice(index, 1);
    if (stem.parts.length > 0) return;
    this.rulesByStem.delete(text);
    this.lengths[text.length]! -= 1;
    this.count(text, -1);
  }

  /** Calls `found` once for the rule of each text that is a part of this one. */
  find(text: string): void {
    for (let length = 0; length <= maxStem && length <= text.length; length += 1) {
      if (this.lengths[length]! > 0) this.findStems(text, length);
    }
    this.stemsFound.clear();
  }

  private findStems(text: string, length: number): void {
    const { counters } = this;
    const mask = counters.length - 1;
    let power = 1;
    for (let unit = 1; unit < length; unit += 1) power = Math.imul(power, multiplier);
    let hash = hashOf(text, length);
    for (let start = 0; ; start += 1) {
      if (counters[fold(hash) & mask] !== 0) this.findWindow(text, start, length);
      if (start + length >= text.length) return;
      hash = Math.imul(hash - Math.imul(text.charCodeAt(start), power), multiplier) + text.charCodeAt(start + length);
    }
  }

  private findWindow(text: string, start: number, length: number): void {
    const stem = this.rulesByStem.get(text.slice(start, start + length));
    if (!stem || this.stemsFound.has(stem)) return;
    this.stemsFound.add(stem);
    for (const [index, part] of stem.parts.entries()) {
      if (part.length === length || text.includes(part, start)) this.found(stem.rules[index]!);
    }
  }

  private grow(): void {
    this.counters = new Uint16Array(this.counters.length * 4);
    for (const stem of this.rulesByStem.keys()) this.count(stem, 1);
  }

  /** A counter that is full stays so until the counters grow: windows are then looked up for nothing, and none is missed. */
  private count(stem: string, change: 1 | -1): void {
    const index = fold(hashOf(stem, stem.length)) & (this.counters.length - 1);
    const count = this.counters[index]!;
    if (count < 0xffff) this.counters[index] = count + change;
  }
}

/** What begins with the same units, or is no longer than they are. */
interface Stem {
  readonly parts: string[];
  readonly rules: number[];
}

function hashOf(text: string, length: number): number {
  let hash = 0;
  for (let index = 0; index < length; index += 1) hash = Math.imul(hash, multiplier) + text.charCodeAt(index);
  return hash | 0;
}

/** The low bits of a rolled hash know the first units of a window least. */
function fold(hash: number): number {
  const folded = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return folded ^ (folded >>> 13);
}
