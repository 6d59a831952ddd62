/** `YYYYMMDDThhmmssZ`, as it is signed. */
const basicFormat = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

export interface SigningTime {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** `YYYYMMDDThhmmssZ`. */
  readonly text: string;
}

/** When a request says that it was signed: `x-amz-date`, else `date`, which may be an HTTP date. Null when neither says it. */
export function readSigningTime(headers: Readonly<Record<string, string | undefined>>): SigningTime | null {
  const amzDate = headers['x-amz-date'];
  if (amzDate !== undefined) return readBasic(amzDate.trim());
  const date = headers['date']?.trim();
  if (date === undefined) return null;
  const basic = readBasic(date);
  if (basic !== null) return basic;
  // Only the form that HTTP prescribes: Date.parse takes much more, and not the same everywhere.
  const atMs = Date.parse(date);
  return !Number.isNaN(atMs) && new Date(atMs).toUTCString() === date ? { atMs, text: toBasic(atMs) } : null;
}

/** Milliseconds since the epoch as `YYYYMMDDThhmmssZ`. */
function toBasic(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

/** A `YYYYMMDDThhmmssZ` that names a time there is. */
export function readBasic(text: string): SigningTime | null {
  const match = basicFormat.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return !Number.isNaN(atMs) && toBasic(atMs) === text ? { atMs, text } : null;
}
