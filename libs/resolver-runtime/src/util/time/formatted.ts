import { FieldError } from '#libs/protocol';
import type { Budget } from '../../budget.js';
import { readClock, requireNumber, requireText } from '../util-function.js';
import type { Argument, UtilNamespace } from '../util-function.js';
import { formatByPattern } from './format-pattern.js';
import { parseByPattern } from './parse-pattern.js';
import { readPattern } from './pattern.js';
import { resolveFields } from './resolve-fields.js';
import { findZone, fixedZone, toInstant } from './zones.js';
import type { Zone } from './zones.js';

/** Longest text that is parsed, in characters: twice what the longest pattern writes. */
const maxTextLength = 400;

/** Furthest moment, in milliseconds: a day inside of what the platform's dates hold, for every zone. */
const maxEpochMs = 8.64e15 - 86_400_000;

const utc = fixedZone(0, 'UTC');

function readZone(name: string, zone: Argument, budget: Budget): Zone {
  return zone === null || zone === undefined ? utc : findZone(requireText(name, zone), budget);
}

function format(name: string, epochMs: number, pattern: Argument, zone: Argument, budget: Budget): string {
  const text = requireText(name, pattern);
  budget.step(text.length * 4);
  if (Math.abs(epochMs) > maxEpochMs) {
    throw new FieldError(`util.time: ${epochMs} is no time in milliseconds since the epoch.`, 'MappingTemplate');
  }
  const formatted = formatByPattern(readPattern(text), Math.floor(epochMs), readZone(name, zone, budget));
  budget.spend(formatted.length);
  return formatted;
}

/** A zone or an offset in the text goes before the zone that was given; without any it is UTC. */
function parse(name: string, text: string, pattern: string, zone: Argument, budget: Budget): number {
  budget.step((Math.min(text.length, maxTextLength) + pattern.length) * 4);
  const fallback = readZone(name, zone, budget);
  const fields = text.length > maxTextLength ? undefined : parseByPattern(readPattern(pattern), text);
  const localMs = fields === undefined ? undefined : resolveFields(fields.numbers);
  if (fields === undefined || localMs === undefined) {
    throw new FieldError(
      `util.time: '${text.slice(0, 60)}' is no date and time of the pattern '${pattern.slice(0, 100)}'.`,
      'MappingTemplate',
    );
  }
  if (fields.offset !== undefined) {
    return localMs - fields.offset * 1000;
  }
  return toInstant(localMs, fields.zone === undefined ? fallback : findZone(fields.zone, budget));
}

/** The functions of `util.time` that take a pattern of java.time, and a zone: an offset or a region. */
export const formattedTimeFunctions: UtilNamespace = Object.freeze({
  nowFormatted: (call, pattern, zone) =>
    format('time.nowFormatted', Math.floor(readClock(call)), pattern, zone, call.budget),
  epochMilliSecondsToFormatted: ({ budget }, millis, pattern, zone) => {
    const name = 'time.epochMilliSecondsToFormatted';
    return format(name, requireNumber(name, millis), pattern, zone, budget);
  },
  parseFormattedToEpochMilliSeconds: ({ budget }, text, pattern, zone) => {
    const name = 'time.parseFormattedToEpochMilliSeconds';
    return parse(name, requireText(name, text), requireText(name, pattern), zone, budget);
  },
});
