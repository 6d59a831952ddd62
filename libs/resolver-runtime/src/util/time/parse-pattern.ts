import { namesOf } from './english.js';
import type { PatternField, PatternPart } from './pattern.js';

/** What a text said: numbers by the letter of their field, offsets in seconds under `X`, a zone's name under `zone`. */
export interface ParsedFields {
  readonly numbers: Map<string, number>;
  readonly zone: string | undefined;
  readonly offset: number | undefined;
}

/** Reads a text by a pattern. Undefined when the text does not match, or goes on after it. */
export function parseByPattern(parts: readonly PatternPart[], text: string): ParsedFields | undefined {
  const parser = new PatternParser(text);
  return parser.parseParts(parts) && parser.position === text.length ? parser : undefined;
}

/** Offsets by letter and count. Groups: sign, hours, minutes, seconds. */
const offsetPatterns: Readonly<Record<string, RegExp>> = Object.freeze({
  O1: /GMT(?:([+-])(\d{1,2})(?::(\d\d))?)?/y,
  O4: /GMT(?:([+-])(\d\d):(\d\d))?/y,
  Z1: /([+-])(\d\d)(\d\d)/y,
  Z2: /([+-])(\d\d)(\d\d)/y,
  Z3: /([+-])(\d\d)(\d\d)/y,
  Z4: /GMT(?:([+-])(\d\d):(\d\d))?/y,
  Z5: /Z|([+-])(\d\d):(\d\d)(?::(\d\d))?/y,
  X1: /Z|([+-])(\d\d)(\d\d)?/y,
  X2: /Z|([+-])(\d\d)(\d\d)/y,
  X3: /Z|([+-])(\d\d):(\d\d)/y,
  X4: /Z|([+-])(\d\d)(\d\d)(\d\d)?/y,
  X5: /Z|([+-])(\d\d):(\d\d)(?::(\d\d))?/y,
  x1: /([+-])(\d\d)(\d\d)?/y,
  x2: /([+-])(\d\d)(\d\d)/y,
  x3: /([+-])(\d\d):(\d\d)/y,
  x4: /([+-])(\d\d)(\d\d)(\d\d)?/y,
  x5: /([+-])(\d\d):(\d\d)(?::(\d\d))?/y,
});

const zonePattern = /[A-Za-z+-][\w+:/-]*/y;

/** Names of zones that `z` reads beside regions and offsets: those of the United States. */
const zoneNames: Readonly<Record<string, string>> = Object.freeze({
  ...{ EST: 'America/New_York', EDT: 'America/New_York', CST: 'America/Chicago', CDT: 'America/Chicago' },
  ...{ MST: 'America/Denver', MDT: 'America/Denver', PST: 'America/Los_Angeles', PDT: 'America/Los_Angeles' },
});

/** Most digits of a number, so that none is read that has lost its exactness. */
const maxDigits = 15;

class PatternParser implements ParsedFields {
  numbers = new Map<string, number>();
  zone: string | undefined;
  offset: number | undefined;
  position = 0;

  constructor(private readonly text: string) {}

  parseParts(parts: readonly PatternPart[]): boolean {
    return parts.every((part, index) => {
      if (part.kind === 'literal') {
        return this.take(part.text);
      }
      return part.kind === 'optional' ? this.parseOptional(part.parts) : this.parseField(part, parts, index);
    });
  }

  /** A group that does not match is as if it were not there. */
  private parseOptional(parts: readonly PatternPart[]): boolean {
    const { position, zone, offset } = this;
    const numbers = new Map(this.numbers);
    if (!this.parseParts(parts)) {
      Object.assign(this, { position, zone, offset, numbers });
    }
    return true;
  }

  private parseField(field: PatternField, parts: readonly PatternPart[], index: number): boolean {
    const { letter, count, padWidth } = field;
    for (let skipped = 1; skipped < padWidth && this.text[this.position] === ' '; skipped += 1) {
      this.position += 1;
    }
    if ('OXxZ'.includes(letter)) {
      return this.parseOffset(`${letter}${count}`);
    }
    if (letter === 'V' || letter === 'z') {
      return this.parseZone();
    }
    if (isText(field)) {
      return this.parseName(letter, count);
    }
    const [min, max] = widthOf(field);
    return this.parseNumber(field, min, max, reservedAfter(parts, index));
  }

  private parseNumber({ letter, count }: PatternField, min: number, max: number, reserved: number): boolean {
    const isYear = 'uyY'.includes(letter) && count !== 2;
    const sign = isYear ? (/[+-]/.exec(this.text[this.position] ?? '')?.[0] ?? '') : '';
    const digits = /\d*/y;
    digits.lastIndex = this.position + sign.length;
    const run = digits.exec(this.text)?.[0] ?? '';
    // A year of four digits has more only behind a sign.
    const limit = isYear && count >= 4 && sign === '' ? count : max;
    const length = Math.min(limit, Math.max(run.length - reserved, min));
    if (length > run.length || length < min) {
      return false;
    }
    const number = Number(run.slice(0, length));
    this.position += sign.length + length;
    return this.set(letter, toFieldValue(letter, count, sign === '-' ? -number : number));
  }

  private parseName(letter: string, count: number): boolean {
    const names = namesOf(letter, count);
    const index = names.findIndex((name) => this.text.startsWith(name, this.position));
    if (index === -1) {
      return false;
    }
    this.position += names[index]?.length ?? 0;
    // Weekdays by name count from Monday, whatever the letter.
    return this.set('ec'.includes(letter) ? 'E' : letter, index + 1);
  }

  private parseOffset(form: string): boolean {
    const match = this.match(offsetPatterns[form]);
    if (match === null) {
      return false;
    }
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    if (Number(minutes) > 59 || Number(seconds) > 59 || size > 18 * 3600) {
      return false;
    }
    this.offset = sign === '-' ? -size : size;
    return true;
  }

  private parseZone(): boolean {
    const match = this.match(zonePattern);
    if (match === null) {
      return false;
    }
    this.zone = (Object.hasOwn(zoneNames, match[0]) ? zoneNames[match[0]] : undefined) ?? match[0];
    return true;
  }

  /** Two fields of one letter must agree. */
  private set(letter: string, value: number): boolean {
    const earlier = this.numbers.get(letter);
    this.numbers.set(letter, value);
    return earlier === undefined || earlier === value;
  }

  private take(text: string): boolean {
    const isThere = this.text.startsWith(text, this.position);
    this.position += isThere ? text.length : 0;
    return isThere;
  }

  private match(pattern: RegExp | undefined): RegExpExecArray | null {
    const sticky = pattern ?? /$^/y;
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.text);
    this.position += match?.[0].length ?? 0;
    return match;
  }
}

/** True for what is written as a name: months of three letters and more, weekdays, AM and PM, eras. */
function isText({ letter, count }: PatternField): boolean {
  return 'EaG'.includes(letter) || ('MLQqec'.includes(letter) && count >= 3);
}

/** The least and the most digits of a number. */
function widthOf({ letter, count }: PatternField): readonly [number, number] {
  if (letter === 'S' || (count === 2 && letter !== 'D')) {
    return [count, count];
  }
  return [count, letter === 'D' ? 3 : Math.max(count, maxDigits)];
}

/** Digits that numbers of one width directly behind this one need: `yyyyMMdd` leaves four for month and day. */
function reservedAfter(parts: readonly PatternPart[], index: number): number {
  let reserved = 0;
  for (const part of parts.slice(index + 1)) {
    if (part.kind !== 'field' || isText(part) || 'OXxZVz'.includes(part.letter)) {
      break;
    }
    const [min, max] = widthOf(part);
    if (min !== max) {
      break;
    }
    reserved += min;
  }
  return reserved;
}

/** Two digits of a year are of this century; a fraction is nanoseconds. */
function toFieldValue(letter: string, count: number, number: number): number {
  if (letter === 'S') {
    return number * 10 ** (9 - count);
  }
  return 'uyY'.includes(letter) && count === 2 ? 2000 + number : number;
}
