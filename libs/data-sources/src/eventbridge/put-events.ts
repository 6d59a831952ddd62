import type { PutEventsCommandOutput, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../document/document-reader.js';
import { missingElement, wrongElement } from '../document/mapping-template-error.js';

/** Events of one PutEvents; EventBridge's limit. */
const maxEvents = 10;

/** RFC 3339: a date, a time and an offset. `Date.parse` alone takes far more. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Reads a document's `events` for one event bus (AppSync reference, section 8.6). */
export function readEvents(document: DocumentReader, eventBusArn: string): PutEventsRequestEntry[] {
  document.allowOnly(['version', 'operation', 'events']);
  const operation = document.optionalChoice('operation', ['PutEvents']);
  if (operation === undefined) throw missingElement(document.pathOf('operation'));
  return document.children('events', { minimum: 1, maximum: maxEvents }).map((event) => {
    event.allowOnly(['source', 'detail', 'detailType', 'resources', 'time']);
    return {
      EventBusName: eventBusArn,
      Source: event.string('source'),
      DetailType: event.string('detailType'),
      Detail: JSON.stringify(event.child('detail').object),
      Resources: [...(event.optionalStrings('resources') ?? [])],
      Time: readTime(event),
    };
  });
}

function readTime(event: DocumentReader): Date | undefined {
  const text = event.optionalString('time');
  if (text === undefined) return undefined;
  const time = new Date(rfc3339.test(text) ? text : Number.NaN);
  if (Number.isNaN(time.getTime())) throw wrongElement(event.pathOf('time'), 'an RFC 3339 time', text);
  return time;
}

/** EventBridge's own answer: an id for each event it took, code and text for each that it did not. */
export function toPutEventsResult({
  Entries: entries = [],
  FailedEntryCount: failed,
}: PutEventsCommandOutput): JsonValue {
  return {
    Entries: entries.map(({ EventId: id, ErrorCode: code, ErrorMessage: message }) => ({
      ...(id !== undefined && { EventId: id }),
      ...(code !== undefined && { ErrorCode: code }),
      ...(message !== undefined && { ErrorMessage: message }),
    })),
    FailedEntryCount: failed ?? 0,
  };
}
