import type { InvalidationEntry, LogEntry, SequencedEntry } from '../log-entry.js';
import type { SkippedEntry } from '../event-log.js';

/**
 * Version of the fields below. A reader skips and counts entries of versions it does not know, so a release that writes a
 * new version must come after a release that reads it.
 */
export const entryVersion = '1';

/** What one entry gives to the append script, in the script's order. */
export const argumentsPerEntry = 8;

const noInvalidation: Partial<InvalidationEntry> = {};

/** The arguments that stand for one entry in the append script. Every field is always present: Redis stores repeated field names once. */
export function toArguments({ entry, producer, sequence }: SequencedEntry): string[] {
  const name = entry.kind === 'event' ? entry.mutation : entry.subscriptionField;
  const { requestId, stickySeconds } = entry.kind === 'invalidation' ? entry : noInvalidation;
  const sticky = stickySeconds === undefined ? '' : String(stickySeconds);
  return [
    entry.kind,
    name,
    entry.payload,
    entry.traceparent ?? '',
    producer,
    String(sequence),
    requestId ?? '',
    sticky,
  ];
}

/** An entry as XREAD and XRANGE give it: id, then names and values in turn. */
export type RawEntry = readonly [id: string, fields: readonly string[]];

export type FieldMap = ReadonlyMap<string, string>;

export function toFieldMap([, fields]: RawEntry): FieldMap {
  const map = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) map.set(fields[i] as string, fields[i + 1] as string);
  return map;
}

/** The entry that the fields hold, or why they hold none. The payload is not parsed: only who needs it pays for that. */
export function fromFields(fields: FieldMap): SequencedEntry | SkippedEntry['reason'] {
  const version = fields.get('version');
  if (version !== entryVersion) return version === undefined ? 'malformed' : 'unknown-version';
  const name = fields.get('name');
  const payload = fields.get('payload');
  const producer = fields.get('producer');
  const sequence = Number(fields.get('sequence'));
  if (!name || payload === undefined || !producer || !Number.isSafeInteger(sequence) || sequence < 1)
    return 'malformed';
  const entry = toEntry(fields, name, payload);
  return entry ? { entry, producer, sequence } : 'malformed';
}

function toEntry(fields: FieldMap, name: string, payload: string): LogEntry | undefined {
  switch (fields.get('kind')) {
    case 'event': {
      return { kind: 'event', mutation: name, payload, ...traceOf(fields) };
    }
    case 'invalidation': {
      // Entries of releases before these fields have neither.
      const requestId = fields.get('requestId');
      const sticky = fields.get('sticky');
      const stickySeconds = sticky ? Number(sticky) : undefined;
      if (stickySeconds !== undefined && !(Number.isSafeInteger(stickySeconds) && stickySeconds > 0)) return undefined;
      return { ...toInvalidation(name, payload, requestId, stickySeconds), ...traceOf(fields) };
    }
    default:
      return undefined;
  }
}

/** Empty where the mutation was not traced. */
function traceOf(fields: FieldMap): Pick<LogEntry, 'traceparent'> {
  const traceparent = fields.get('traceparent');
  return traceparent ? { traceparent } : {};
}

/** An invalidation; an empty request id is none. */
export function toInvalidation(
  subscriptionField: string,
  payload: string,
  requestId: string | undefined,
  stickySeconds: number | undefined,
): InvalidationEntry {
  return {
    kind: 'invalidation',
    subscriptionField,
    payload,
    ...(requestId ? { requestId } : {}),
    ...(stickySeconds === undefined ? {} : { stickySeconds }),
  };
}
