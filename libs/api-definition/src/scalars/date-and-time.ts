import { textScalar } from './text-scalar.js';

// Every pattern has fixed widths and no repetition inside a repetition, so it runs in linear time.
const date = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d{1,9})?)?`;
const offset = String.raw`(?:Z|[+-](?<offsetHour>\d\d):(?<offsetMinute>\d\d)(?::(?<offsetSecond>\d\d))?)`;

const datePattern = new RegExp(`^${date}${offset}?$`);
const timePattern = new RegExp(`^${time}${offset}?$`);
const dateTimePattern = new RegExp(`^${date}T${time}${offset}$`);

/** `2026-11-22`, with or without an offset: `2026-11-22Z`, `2026-11-22+05:30`. */
export const awsDate = textScalar({
  name: 'AWSDate',
  description: 'A date `YYYY-MM-DD`, with an optional time zone offset: `Z` or `±hh:mm[:ss]`.',
  expected: 'a valid date',
  isValid: (text) => isMoment(datePattern, text),
});

/** `12:30`, `12:30:24.500+05:30`. */
export const awsTime = textScalar({
  name: 'AWSTime',
  description:
    'A time `hh:mm[:ss[.sss]]` of up to 9 fraction digits, with an optional time zone offset: `Z` or `±hh:mm[:ss]`.',
  expected: 'a valid time',
  isValid: (text) => isMoment(timePattern, text),
});

/** `2026-11-22T12:30Z`. The offset is compulsory, as the scalar's own description in AppSync says and its clients demand. */
export const awsDateTime = textScalar({
  name: 'AWSDateTime',
  description:
    'A date and time `YYYY-MM-DDThh:mm[:ss[.sss]]` of up to 9 fraction digits, with a time zone offset: `Z` or `±hh:mm[:ss]`.',
  expected: 'a valid DateTime Object',
  isValid: (text) => isMoment(dateTimePattern, text),
});

function isMoment(pattern: RegExp, text: string): boolean {
  const parts = pattern.exec(text)?.groups;
  if (!parts) return false;
  const number = (name: string) => Number(parts[name] ?? 0);
  const isTime = number('hour') <= 23 && number('minute') <= 59 && number('second') <= 59;
  const offsetSeconds = number('offsetHour') * 3600 + number('offsetMinute') * 60 + number('offsetSecond');
  const isOffset = number('offsetMinute') <= 59 && number('offsetSecond') <= 59 && offsetSeconds <= maxOffsetSeconds;
  return isTime && isOffset && (parts.year === undefined || isDay(number('year'), number('month'), number('day')));
}

/** No place on earth is further from UTC; the limit of Java's ZoneOffset, which AppSync runs on. */
const maxOffsetSeconds = 18 * 3600;

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
