import { FieldError } from '#libs/protocol';
import { readClock, requireNumber, requireText } from '../util-function.js';
import type { UtilNamespace } from '../util-function.js';
import { formattedTimeFunctions } from './formatted.js';

/** Date and time with an offset, fractions of one to nine digits: what `DateTimeFormatter.ISO_DATE_TIME` calls an instant. */
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})(?:\[[\w/+-]{1,50}\])?$/;

function parseInstant(text: string): number {
  const [, date, minutes, seconds = ':00', fraction = '', offset = ''] = instantPattern.exec(text) ?? [];
  const isoOffset = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const millis =
    date === undefined ? NaN : Date.parse(`${date}T${minutes}${seconds}${fraction.slice(0, 4)}${isoOffset}`);
  // JavaScript moves 30 February on to March; Java refuses it.
  const isRealDate = date !== undefined && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true;
  if (Number.isNaN(millis) || !isRealDate) {
    throw new FieldError(
      `util.time: '${text.slice(0, 60)}' is not an ISO 8601 date and time with an offset.`,
      'MappingTemplate',
    );
  }
  return millis;
}

function formatInstant(millis: number): string {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) {
    throw new FieldError(`util.time: ${millis} is no time in milliseconds since the epoch.`, 'MappingTemplate');
  }
  return date.toISOString();
}

/** `util.time.*`: milliseconds since the epoch, and UTC where no zone is given. */
export const timeFunctions: UtilNamespace = Object.freeze({
  ...formattedTimeFunctions,
  nowISO8601: (call) => formatInstant(readClock(call)),
  nowEpochSeconds: (call) => Math.floor(readClock(call) / 1000),
  nowEpochMilliSeconds: (call) => Math.floor(readClock(call)),
  parseISO8601ToEpochMilliSeconds: (_call, text) =>
    parseInstant(requireText('time.parseISO8601ToEpochMilliSeconds', text)),
  epochMilliSecondsToSeconds: (_call, millis) =>
    Math.floor(requireNumber('time.epochMilliSecondsToSeconds', millis) / 1000),
  epochMilliSecondsToISO8601: (_call, millis) =>
    formatInstant(requireNumber('time.epochMilliSecondsToISO8601', millis)),
});
