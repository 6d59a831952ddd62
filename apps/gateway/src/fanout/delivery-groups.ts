import { DeliveryGroup } from './delivery-group.js';
import type { Projection } from './projection.js';

interface Entry {
  readonly group: DeliveryGroup;
  subscriptions: number;
}

/** The delivery groups that have subscriptions. */
export class DeliveryGroups {
  private readonly byKey = new Map<string, Entry>();

  get count(): number {
    return this.byKey.size;
  }

  /** The group of all that project the same, with one subscription more. Each is left once. */
  enter(projection: Projection): DeliveryGroup {
    const known = this.byKey.get(projection.key);
    if (known) {
      known.subscriptions += 1;
      return known.group;
    }
    const group = new DeliveryGroup(projection);
    this.byKey.set(projection.key, { group, subscriptions: 1 });
    return group;
  }

  /** A group that was entered has one subscription less; after the last it is gone. */
  leave({ key }: DeliveryGroup): void {
    const entry = this.byKey.get(key);
    if (!entry) return;
    entry.subscriptions -= 1;
    if (entry.subscriptions === 0) this.byKey.delete(key);
  }
}
