/**
 * When something expires, in milliseconds since 1970, from what a user wrote: whole seconds since 1970 (a number, or its digits as a
 * text, as variables give it), a date (`2027-01-31`, its first moment in UTC) or a date and time with an offset. Undefined for
 * anything else.
 */
export function parseExpiry(written: string | number): number | undefined {
  if (typeof written === 'number' || /^\d{1,12}$/.test(written)) {
    const seconds = Number(written);
    return Number.isSafeInteger(seconds * 1000) && seconds >= 0 ? seconds * 1000 : undefined;
  }
  if (!isoTime.test(written)) return undefined;
  const ms = Date.parse(written);
  // The engine takes 30 February for 2 March; a user who wrote it meant something else.
  const day = new Date(`${written.slice(0, 10)}T00:00:00Z`);
  const isRealDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(written.slice(0, 10));
  return Number.isNaN(ms) || !isRealDay ? undefined : ms;
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
