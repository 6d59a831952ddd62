import { dayOf, dayOfWeekDate, daysInMonth, isLeapYear, toLocalTime } from './calendar.js';

/** The largest and smallest value of the fields that have both. */
const ranges: Readonly<Record<string, readonly [number, number]>> = Object.freeze({
  ...{ M: [1, 12], L: [1, 12], d: [1, 31], D: [1, 366], Q: [1, 4], q: [1, 4], w: [1, 54], e: [1, 7], c: [1, 7] },
  ...{ H: [0, 24], k: [1, 24], K: [0, 11], h: [1, 12], m: [0, 59], s: [0, 59], a: [1, 2] },
  ...{ A: [0, 86_399_999], n: [0, 999_999_999], N: [0, 86_399_999_999_999], u: [-9999, 9999], Y: [-9999, 9999] },
  ...{ y: [1, 9999], F: [1, 7], W: [0, 6] },
});

/**
 * The local time that fields of a text name, in milliseconds as if it were UTC; undefined when they name none. As in
 * java.time's smart style: 31 April is 30 April, 24:00 is the next midnight; a weekday must be the date's. A text without time
 * of day is midnight.
 */
export function resolveFields(numbers: ReadonlyMap<string, number>): number | undefined {
  for (const [letter, value] of numbers) {
    const [min, max] = ranges[letter] ?? [-Infinity, Infinity];
    if (value < min || value > max) {
      return undefined;
    }
  }
  const date = resolveDate(numbers);
  const time = resolveTime(numbers);
  if (date === undefined || time === undefined) {
    return undefined;
  }
  const weekday = readWeekday(numbers);
  return weekday === undefined || weekday === toLocalTime(date).weekday ? date + time : undefined;
}

/** From Monday, whichever letter it came under: `e` and `c` count from Sunday. */
function readWeekday(numbers: ReadonlyMap<string, number>): number | undefined {
  const local = numbers.get('e') ?? numbers.get('c');
  return numbers.get('E') ?? (local === undefined ? undefined : ((local + 5) % 7) + 1);
}

function resolveDate(numbers: ReadonlyMap<string, number>): number | undefined {
  const [weekYear, week, weekday] = [numbers.get('Y'), numbers.get('w'), readWeekday(numbers)];
  const ofEra = numbers.get('y');
  const year = numbers.get('u') ?? (ofEra !== undefined && numbers.get('G') === 1 ? 1 - ofEra : ofEra);
  const month = numbers.get('M') ?? numbers.get('L');
  const [day, dayOfYear] = [numbers.get('d'), numbers.get('D')];
  if (year !== undefined && month !== undefined && day !== undefined) {
    return dayOf(year, month, Math.min(day, daysInMonth(year, month)));
  }
  if (year !== undefined && dayOfYear !== undefined) {
    return dayOfYear === 366 && !isLeapYear(year) ? undefined : dayOf(year, 1, dayOfYear);
  }
  return weekYear !== undefined && week !== undefined && weekday !== undefined
    ? dayOfWeekDate(weekYear, week, weekday)
    : undefined;
}

function resolveTime(numbers: ReadonlyMap<string, number>): number | undefined {
  const [nanoOfDay, milliOfDay] = [numbers.get('N'), numbers.get('A')];
  if (nanoOfDay !== undefined || milliOfDay !== undefined) {
    return milliOfDay ?? Math.floor((nanoOfDay ?? 0) / 1_000_000);
  }
  const hour = resolveHour(numbers);
  if (hour === undefined) {
    return undefined;
  }
  const nanos = numbers.get('n') ?? numbers.get('S') ?? 0;
  const rest = (numbers.get('m') ?? 0) * 60_000 + (numbers.get('s') ?? 0) * 1000 + Math.floor(nanos / 1_000_000);
  return hour === 24 && rest > 0 ? undefined : hour * 3_600_000 + rest;
}

/** Undefined for an hour of the half day without its half. */
function resolveHour(numbers: ReadonlyMap<string, number>): number | undefined {
  const [hour, clockHour, half] = [numbers.get('H'), numbers.get('k'), numbers.get('a')];
  if (hour !== undefined || clockHour !== undefined) {
    return hour ?? (clockHour ?? 0) % 24;
  }
  const ofHalf = numbers.get('K') ?? numbers.get('h');
  if (ofHalf === undefined) {
    return 0;
  }
  return half === undefined ? undefined : (ofHalf % 12) + (half - 1) * 12;
}
