import { argumentFilter } from '#libs/filter';
import type { Projection } from '../src/fanout/projection.js';
import type { AcceptedSubscription } from '../src/subscription/subscription.js';

/** A projection that shows the whole payload, and is of a group of its own unless the key says otherwise. */
export function wholePayload(key: string, project?: Projection['project']): Projection {
  return { key, fieldCount: 1, project: project ?? ((payload) => JSON.stringify({ data: payload })) };
}

export interface Wish {
  /** Default `onTask`. */
  readonly field?: string;
  /** Default: every event. */
  readonly boardId?: string;
  /** Who is invalidated with it. Default: nothing ends it. */
  readonly username?: string;
  /** Default: one group for all. */
  readonly projection?: Projection;
}

/** A subscription as the registry is given it, without a document or a resolver that it came from. */
export function acceptedSubscription({
  field = 'onTask',
  boardId,
  username,
  projection,
}: Wish = {}): AcceptedSubscription {
  return {
    field,
    filter: argumentFilter(boardId === undefined ? {} : { boardId }),
    invalidationFilter: username === undefined ? null : argumentFilter({ username }),
    projection: projection ?? wholePayload('all'),
    fieldPolicies: new Map(),
    revocable: undefined,
  };
}
