/** Local time as java.time's fields have it: months and weekdays count from 1, weekdays from Monday. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  readonly weekday: number;
  readonly milliOfDay: number;
}

const dayMs = 86_400_000;

/** The fields of a local time, given as milliseconds as if it were UTC. */
export function toLocalTime(localMs: number): LocalTime {
  const date = new Date(localMs);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    dayOfYear: Math.floor((localMs - dayOf(year, 1, 1)) / dayMs) + 1,
    weekday: ((date.getUTCDay() + 6) % 7) + 1,
    milliOfDay: ((localMs % dayMs) + dayMs) % dayMs,
  };
}

/** Midnight of a day, in milliseconds as if it were UTC. Months and days beyond their range go on in the next. */
export function dayOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  // Date.UTC would read years below 100 as of the 20th century.
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

export function daysInMonth(year: number, month: number): number {
  return new Date(dayOf(year, month + 1, 0)).getUTCDate();
}

export function isLeapYear(year: number): boolean {
  return daysInMonth(year, 2) === 29;
}

/** Days since Sunday of a year's first day: weeks of the United States begin on Sunday, the first with 1 January. */
function firstWeekday(year: number): number {
  return new Date(dayOf(year, 1, 1)).getUTCDay();
}

/** The week and the year it counts in: the last days of December can be in week 1 of the next year. */
export function weekOf({ year, dayOfYear }: LocalTime): { readonly weekYear: number; readonly week: number } {
  const days = isLeapYear(year) ? 366 : 365;
  const next = firstWeekday(year + 1);
  if (next > 0 && dayOfYear > days - next) {
    return { weekYear: year + 1, week: 1 };
  }
  return { weekYear: year, week: Math.floor((dayOfYear - 1 + firstWeekday(year)) / 7) + 1 };
}

/** Midnight of a day by its week; the weekday counts from Monday. */
export function dayOfWeekDate(weekYear: number, week: number, weekday: number): number {
  return dayOf(weekYear, 1, 1 - firstWeekday(weekYear) + (week - 1) * 7 + (weekday % 7));
}

export function weekOfMonth({ year, month, day }: LocalTime): number {
  const first = new Date(dayOf(year, month, 1)).getUTCDay();
  return Math.floor((day - 1 + first) / 7) + 1;
}
