import { compareIds } from '../position.js';
import type { ProducerMemory } from '../producer-memory.js';
import { fromFields, toFieldMap } from './entry-fields.js';
import type { RawEntry } from './entry-fields.js';
import type { LogRedis } from './redis-connection.js';

const pageSize = 100;

/**
 * Pages looked at before giving up. A thousand entries are seconds of a busy log, which is what passes between a failover
 * and the reader's return; the gap has been reported, so what lies further back is refetched anyway.
 */
const maxPages = 10;

export interface UndeliveredQuery {
  readonly key: string;
  /** What the reader has delivered. */
  readonly memory: ProducerMemory;
  /** Where the reader began: entries up to here are not its to deliver. */
  readonly startId: string;
  /** The answer where the log holds no entry. */
  readonly lastId: string;
}

/**
 * The id after which everything is undelivered: walks back from the end of the log until a page holds nothing new. Needed
 * where ids do not tell, because the log lost entries and wrote others with lower ids.
 */
export async function findUndelivered(
  redis: LogRedis,
  { key, memory, startId, lastId }: UndeliveredQuery,
): Promise<string> {
  let end = '+';
  let resumeId: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const entries: RawEntry[] = await redis.xrevrange(key, end, '-', 'COUNT', pageSize);
    let hasNew = false;
    for (const raw of entries) {
      const fields = toFieldMap(raw);
      resumeId ??= raw[0];
      const decoded = fromFields(fields);
      const previous = fields.get('previous');
      const isNew = typeof decoded !== 'string' && !memory.hasSeen(decoded) && compareIds(raw[0], startId) > 0;
      if (!isNew || !previous) continue;
      hasNew = true;
      resumeId = previous;
    }
    const oldest = entries.at(-1);
    if (!hasNew || !oldest || entries.length < pageSize) break;
    end = `(${oldest[0]}`;
  }
  return resumeId ?? lastId;
}
