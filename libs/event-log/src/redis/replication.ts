import { createHash } from 'node:crypto';

/** Which history of writes a server has: `master_replid` and `master_replid2` of INFO replication. */
export interface Replication {
  readonly id: string;
  /** The history that this one grew out of, after a promotion or a restart from a snapshot; zeros otherwise. */
  readonly parentId: string;
}

/** Reads both ids from the text of INFO replication; '' where a server does not say. */
export function parseReplication(info: string): Replication {
  const idOf = (name: string) => new RegExp(`^${name}:([0-9a-f]+)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return { id: idOf('master_replid'), parentId: idOf('master_replid2') };
}

/**
 * True when a replica has taken over (once or several times), or the server came back from a snapshot: writes that were
 * acknowledged last may be gone. False for a restart from the journal, which also changes the id but has no parent.
 */
export function isPromotion(known: Replication, current: Replication): boolean {
  return known.id !== '' && current.id !== known.id && /[1-9a-f]/.test(current.parentId);
}

/**
 * The epoch after a failover. Made from the old one and the new history, so all gateways arrive at the same epoch without
 * talking to each other; cursors of before are refused from then on.
 */
export function renewedEpoch(epoch: string, current: Replication): string {
  return createHash('sha256').update(`${epoch}/${current.id}`).digest('base64url').slice(0, 16);
}
