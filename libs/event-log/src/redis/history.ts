import type { GapReason } from '../event-log.js';
import { compareIds } from '../position.js';
import type { Position } from '../position.js';
import type { InspectReply } from './redis-connection.js';

/** What the log knows of a position; ids are '' where there is no such entry. */
export interface Inspection {
  readonly epoch: string;
  /** Last id ever written, whether or not its entry is still there. */
  readonly lastId: string;
  /** The position's own entry is there. */
  readonly hasEntry: boolean;
  readonly nextId: string;
  /** The id that stood before `nextId` when that was written; '' for an entry that others wrote. */
  readonly nextLink: string;
  readonly oldestId: string;
}

/**
 * Where reading goes on after a gap:
 * - `here`: at the position itself;
 * - `start`: at the beginning of the log;
 * - `next`: right before the next entry, or at the end where there is none;
 * - `undelivered`: before the oldest entry that this reader has not delivered, which must be looked for, because new
 *   entries may have got lower ids than lost ones had.
 */
export type ResumeAt = 'here' | 'start' | 'next' | 'undelivered';

export interface Discontinuity {
  readonly reason: GapReason;
  readonly resumeAt: ResumeAt;
}

/** The reply of the inspect script, by names. */
export function toInspection([epoch, lastId, has, nextId, nextLink, oldestId]: InspectReply): Inspection {
  return { epoch, lastId, hasEntry: has === 1, nextId, nextLink, oldestId };
}

/**
 * Whether everything that followed the position is still there; undefined says that it is.
 *
 * Redis itself raises nothing when a position was trimmed, flushed, or lost in a failover, so the claim rests on three
 * facts: the epoch, the last id, and the link that each entry has to the one before it.
 *
 * @param isPromoted true when another server has taken over since the position was last known to be good
 */
export function judge(position: Position, found: Inspection, isPromoted: boolean): Discontinuity | undefined {
  const { id } = position;
  const isSameEpoch = found.epoch === position.epoch;
  // After a failover a gateway renews the epoch: the entry tells that history from one that began anew.
  const isRenewed = !isSameEpoch && (isPromoted || found.hasEntry);
  if (!isSameEpoch && !isRenewed) return { reason: 'reset', resumeAt: 'start' };
  if (compareIds(id, found.lastId) > 0) return { reason: 'rewound', resumeAt: 'undelivered' };
  if (id !== found.lastId && !isFollowedBy(id, found)) {
    const isInside = !found.hasEntry && found.oldestId !== '' && compareIds(found.oldestId, id) < 0;
    // Retention takes from the front only: when older entries are there and the position's own is not, it was lost.
    return isInside ? { reason: 'rewound', resumeAt: 'undelivered' } : { reason: 'trimmed', resumeAt: 'next' };
  }
  return isRenewed || isPromoted ? { reason: 'failover', resumeAt: 'here' } : undefined;
}

function isFollowedBy(id: string, found: Inspection): boolean {
  if (found.nextId === '') return false;
  return found.nextLink === '' ? found.hasEntry : found.nextLink === id;
}
