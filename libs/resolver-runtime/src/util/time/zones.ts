import { FieldError } from '#libs/protocol';
import type { Budget } from '../../budget.js';

/** A time zone: an offset from UTC, or a region whose offset changes. */
export interface Zone {
  /** As java.time names it: `UTC`, `+08:00`, `Australia/Perth`. */
  readonly id: string;
  /** Seconds that local time is ahead of UTC at a moment in milliseconds since the epoch. */
  readonly offsetAt: (epochMs: number) => number;
  /** The zone's name at a moment: `PST`, or `Pacific Standard Time` when long. */
  readonly nameAt: (epochMs: number, isLong: boolean) => string;
}

/** Zones kept: a year of many countries. More come from clients and need no place. */
const maxCachedZones = 100;

/** Steps of work for a zone that is not kept: the platform reads its rules and its names, 1 ms. */
const newZoneSteps = 10_000;

const cache = new Map<string, Zone>();

/** The zone of an offset (`+8`, `+08:00`), `UTC`, `GMT+8` or a region (`Australia/Perth`). Throws a FieldError for another text. */
export function findZone(text: string, budget: Budget): Zone {
  let zone = cache.get(text);
  if (zone === undefined) {
    budget.step(newZoneSteps);
    zone = createZone(text);
    if (cache.size >= maxCachedZones) {
      cache.clear();
    }
    cache.set(text, zone);
  }
  return zone;
}

/** A zone of one offset, in seconds, with the given name. */
export function fixedZone(offset: number, id = formatOffset(offset, ':', 'Z')): Zone {
  return Object.freeze({ id, offsetAt: () => offset, nameAt: () => id });
}

/** `+08:00`, seconds only where there are any; `zero` stands for no offset. */
export function formatOffset(offset: number, separator: string, zero: string): string {
  if (offset === 0) {
    return zero;
  }
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const shown = parts[2] === 0 ? parts.slice(0, 2) : parts;
  return (offset < 0 ? '-' : '+') + shown.map((part) => String(part).padStart(2, '0')).join(separator);
}

const prefixes = /^(UTC|GMT|UT)?(?:([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?)?$/;

/** Largest offset of java.time: 18 hours. */
const maxOffset = 18 * 3600;

function createZone(text: string): Zone {
  const match = text === '' ? null : prefixes.exec(text);
  if (match !== null) {
    const [, prefix = '', sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    if (Number(minutes) > 59 || Number(seconds) > 59 || size > maxOffset) {
      throw unknownZone(text);
    }
    const offset = sign === '-' ? -size : size;
    return fixedZone(offset, prefix === '' ? undefined : prefix + formatOffset(offset, ':', ''));
  }
  return text === 'Z' ? fixedZone(0) : createRegion(text);
}

function createRegion(id: string): Zone {
  const readOffsetName = createNameReader(id, 'longOffset');
  let readShortName: NameReader | undefined;
  let readLongName: NameReader | undefined;
  return Object.freeze({
    id,
    offsetAt: (epochMs: number) => readOffset(readOffsetName(epochMs)),
    nameAt: (epochMs: number, isLong: boolean) => {
      if (isLong) {
        readLongName ??= createNameReader(id, 'long');
        return readLongName(epochMs);
      }
      readShortName ??= createNameReader(id, 'short');
      return readShortName(epochMs);
    },
  });
}

type NameReader = (epochMs: number) => string;

/** How the platform names a region's zone at a moment. Throws a FieldError for a region that does not exist. */
function createNameReader(id: string, timeZoneName: 'longOffset' | 'short' | 'long'): NameReader {
  try {
    const formatter = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName });
    return (epochMs) => formatter.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? id;
  } catch (cause) {
    throw unknownZone(id, cause);
  }
}

/** The seconds of the platform's `GMT-04:56:02`; `GMT` alone is none. */
function readOffset(name: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

function unknownZone(text: string, cause?: unknown): FieldError {
  const message = `util.time: there is no time zone '${text.slice(0, 60)}'.`;
  return new FieldError(message, 'MappingTemplate', null, null, { cause });
}

/** How far around a local time offsets are looked up: no zone changes twice within two days. */
const dayMs = 86_400_000;

/**
 * The moment of a local time, given as milliseconds as if it were UTC. Where clocks were put back, the earlier of the two
 * moments; where they were put forward, as much later as they were, as in java.time.
 */
export function toInstant(localMs: number, zone: Zone): number {
  const before = zone.offsetAt(localMs - dayMs);
  const early = localMs - before * 1000;
  if (zone.offsetAt(early) === before) {
    return early;
  }
  const after = zone.offsetAt(localMs + dayMs);
  const late = localMs - after * 1000;
  return zone.offsetAt(late) === after ? late : early;
}
