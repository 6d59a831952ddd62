import type { Redis } from 'ioredis';

import type { LastingInvalidation } from '../event-log.js';
import { toInvalidation } from './entry-fields.js';

/** Version of the members of the sorted set: JSON of `[version, subscription field, payload, request id]`. */
export const lastingVersion = '1';

/** Members fetched at once: 2 MB of the largest. */
const pageSize = 500;

/**
 * The sticky invalidations that Redis keeps, those that are over last first; some may be over. Pages go by rank from the far end,
 * where nothing is ever removed: an append between two pages may repeat a member and hides none. A member that nobody here can
 * read is reported and left out.
 */
export async function readLasting(
  redis: Pick<Redis, 'zrevrange'>,
  key: string,
  onError: (error: unknown) => void,
): Promise<readonly LastingInvalidation[]> {
  const lasting: LastingInvalidation[] = [];
  for (let start = 0; ; start += pageSize) {
    const page = await redis.zrevrange(key, start, start + pageSize - 1, 'WITHSCORES');
    for (let i = 0; i + 1 < page.length; i += 2) {
      const found = toLasting(page[i] as string, Number(page[i + 1]));
      if (found) lasting.push(found);
      else onError(new Error(`A sticky invalidation in ${key} could not be read; it was passed over.`));
    }
    if (page.length < 2 * pageSize) return lasting;
  }
}

/** Undefined for what is not a member of the known version. */
export function toLasting(member: string, endsAtMs: number): LastingInvalidation | undefined {
  const parts = parseTexts(member);
  if (!parts || !Number.isFinite(endsAtMs)) return undefined;
  const [version, name, payload, requestId] = parts;
  if (version !== lastingVersion || !name || payload === undefined) return undefined;
  return { entry: toInvalidation(name, payload, requestId, undefined), endsAtMs };
}

function parseTexts(json: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : undefined;
  } catch {
    // No JSON: reported by the caller with the key, and not quoted, since payloads may be personal.
    return undefined;
  }
}
