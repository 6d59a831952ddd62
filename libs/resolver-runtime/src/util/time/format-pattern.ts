import { toLocalTime, weekOf, weekOfMonth } from './calendar.js';
import type { LocalTime } from './calendar.js';
import { namesOf } from './english.js';
import type { PatternField, PatternPart } from './pattern.js';
import { formatOffset } from './zones.js';
import type { Zone } from './zones.js';

/** A moment, in milliseconds since the epoch, written by a pattern in the local time of a zone. */
export function formatByPattern(parts: readonly PatternPart[], epochMs: number, zone: Zone): string {
  const offset = zone.offsetAt(epochMs);
  const moment: Moment = { epochMs, zone, offset, local: toLocalTime(epochMs + offset * 1000) };
  return formatParts(parts, moment);
}

interface Moment {
  readonly epochMs: number;
  readonly zone: Zone;
  readonly offset: number;
  readonly local: LocalTime;
}

function formatParts(parts: readonly PatternPart[], moment: Moment): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'literal') {
      text += part.text;
    } else if (part.kind === 'optional') {
      // Optional parts are left out where a field is unknown; of a moment all are known.
      text += formatParts(part.parts, moment);
    } else {
      text += formatField(part, moment).padStart(part.padWidth);
    }
  }
  return text;
}

function formatField({ letter, count }: PatternField, { epochMs, zone, offset, local }: Moment): string {
  const number = numberOf(letter, local);
  switch (letter) {
    case 'u':
    case 'y':
    case 'Y':
      return formatYear(number, count);
    case 'S':
      return formatFraction(local.milliOfDay % 1000, count);
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'e':
    case 'c':
      return count <= 2
        ? pad(number, count)
        : name(letter, count, letter === 'e' || letter === 'c' ? local.weekday : number);
    case 'E':
      return name(letter, count, local.weekday);
    case 'a':
      return name(letter, count, local.milliOfDay < 43_200_000 ? 1 : 2);
    case 'G':
      return name(letter, count, local.year < 1 ? 1 : 2);
    case 'V':
      return zone.id;
    case 'z':
      return zone.nameAt(epochMs, count === 4);
    case 'O':
    case 'X':
    case 'x':
    case 'Z':
      return formatZoneOffset(letter, count, offset);
    default:
      return pad(number, count);
  }
}

/** The number that a letter stands for; NaN for letters that stand for text. */
function numberOf(letter: string, local: LocalTime): number {
  const { milliOfDay } = local;
  const hour = Math.floor(milliOfDay / 3_600_000);
  switch (letter) {
    case 'u':
      return local.year;
    case 'y':
      return local.year < 1 ? 1 - local.year : local.year;
    case 'Y':
      return weekOf(local).weekYear;
    case 'w':
      return weekOf(local).week;
    case 'W':
      return weekOfMonth(local);
    case 'Q':
    case 'q':
      return Math.floor((local.month + 2) / 3);
    case 'M':
    case 'L':
      return local.month;
    case 'D':
      return local.dayOfYear;
    case 'd':
      return local.day;
    case 'F':
      return ((local.day - 1) % 7) + 1;
    case 'e':
    case 'c':
      return (local.weekday % 7) + 1;
    case 'H':
      return hour;
    case 'k':
      return hour === 0 ? 24 : hour;
    case 'K':
      return hour % 12;
    case 'h':
      return hour % 12 === 0 ? 12 : hour % 12;
    case 'm':
      return Math.floor(milliOfDay / 60_000) % 60;
    case 's':
      return Math.floor(milliOfDay / 1000) % 60;
    case 'n':
      return (milliOfDay % 1000) * 1_000_000;
    case 'N':
      return milliOfDay * 1_000_000;
    case 'A':
      return milliOfDay;
    default:
      return NaN;
  }
}

function name(letter: string, count: number, number: number): string {
  return namesOf(letter, count)[number - 1] ?? '';
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

/** Two letters are the last two digits; from four letters on, a year that needs more digits has a sign. */
function formatYear(year: number, count: number): string {
  if (count === 2) {
    return pad(Math.abs(year) % 100, 2);
  }
  const digits = pad(Math.abs(year), count);
  const sign = year < 0 ? '-' : count >= 4 && digits.length > count ? '+' : '';
  return sign + digits;
}

/** The first digits of the fraction of a second; a moment has three, the others are 0. */
function formatFraction(millis: number, digits: number): string {
  return pad(millis, 3).padEnd(9, '0').slice(0, digits);
}

function formatZoneOffset(letter: string, count: number, offset: number): string {
  if (letter === 'O' || (letter === 'Z' && count === 4)) {
    const shown = formatOffset(offset, ':', '');
    // The short form has neither a leading zero nor minutes that are 0.
    return `GMT${count === 1 ? shown.replace(/^([+-])0/, '$1').replace(/:00$/, '') : shown}`;
  }
  if (letter === 'Z' && count < 4) {
    return formatOffset(offset, '', '+0000').slice(0, 5);
  }
  const isColon = count === 3 || count === 5;
  const zero = letter === 'x' ? ['+00', '+0000', '+00:00', '+0000', '+00:00'][count - 1] : 'Z';
  const whole = formatOffset(offset, isColon ? ':' : '', zero ?? 'Z');
  if (offset === 0 || count > 3) {
    return whole;
  }
  const hoursOnly = count === 1 && Math.floor(Math.abs(offset) / 60) % 60 === 0;
  return whole.slice(0, hoursOnly ? 3 : isColon ? 6 : 5);
}
