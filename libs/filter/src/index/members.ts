import { Column, IdPool } from './column.js';
import { MemberList } from './member-list.js';

/** In place of the one member of a conjunction: it has, or had, several. */
const several = 0xffffffff;

/** Those who have one conjunction, where they are more than one. */
class Crowd<Subscriber> {
  /** Those who have this conjunction alone. */
  readonly alone = new MemberList<Subscriber>();
  /** Those who have others too, and must be visited once where several hold. */
  readonly shared = new MemberList<Subscriber>();
}

/**
 * Who has which conjunctions. A subscriber enters with all conjunctions of its group at once: a chain of memberships, one for
 * each, whose first one's id is the entry's.
 */
export class Members<Subscriber> {
  private readonly ids = new IdPool();
  /** By membership: its conjunction, its place in a crowd's list, the first and the next one of the entry. */
  private readonly conjunctions = new Column();
  private readonly places = new Column();
  private readonly firsts = new Column();
  private readonly nexts = new Column();
  /** By conjunction: twice its one member's membership, plus 1 where that is of several; or `several`. */
  private readonly singles = new Column();
  /** By conjunction: that member's subscriber, or the crowd. */
  private readonly holders: (Subscriber | Crowd<Subscriber> | undefined)[] = [];
  /** By entry: the visit in which a subscriber of several conjunctions was last found. */
  private readonly found = new Column();
  private visits = 0;
  private sharedMemberships = 0;

  /** An id for an entry that is yet to be made. */
  open(): number {
    return this.ids.take();
  }

  /** Gives back an id that was opened and not entered. */
  close(entry: number): void {
    this.ids.giveBack(entry);
  }

  /** Makes the entry of a subscriber with at least one conjunction, each once. */
  enter(entry: number, conjunctions: readonly number[], subscriber: Subscriber): void {
    const isShared = conjunctions.length > 1;
    let membership = entry;
    for (const [index, conjunction] of conjunctions.entries()) {
      const next = index + 1 < conjunctions.length ? this.ids.take() : 0;
      for (const column of [this.conjunctions, this.places, this.firsts, this.nexts]) column.reserve(membership);
      this.conjunctions.values[membership] = conjunction;
      this.firsts.values[membership] = entry;
      this.nexts.values[membership] = next;
      this.join(conjunction, membership, subscriber, isShared);
      membership = next;
    }
    if (!isShared) return;
    this.sharedMemberships += conjunctions.length;
    this.found.reserve(entry);
    this.found.values[entry] = 0;
  }

  /** Ends an entry. Calls `emptied` with each conjunction that nobody has any more. */
  leave(entry: number, emptied: (conjunction: number) => void): void {
    const isShared = this.nexts.values[entry] !== 0;
    for (let membership = entry, next = 0; membership !== 0; membership = next) {
      next = this.nexts.values[membership]!;
      if (isShared) this.sharedMemberships -= 1;
      const conjunction = this.conjunctions.values[membership]!;
      if (this.part(conjunction, membership, isShared)) emptied(conjunction);
      this.ids.giveBack(membership);
    }
  }

  /**
   * Calls `visit` once for each entry that has one of the conjunctions: first those with one alone, in the order of the
   * conjunctions, then the others. Entries of `left` are passed over; nobody enters or leaves meanwhile.
   */
  visit(
    conjunctions: readonly number[],
    count: number,
    left: ReadonlySet<number>,
    visit: (subscriber: Subscriber) => void,
  ): void {
    // Found before anybody is visited, because a visit may lead to another match.
    const shared = this.sharedMemberships === 0 ? undefined : this.findShared(conjunctions, count);
    const singles = this.singles.values;
    for (let index = 0; index < count; index += 1) {
      const conjunction = conjunctions[index]!;
      const single = singles[conjunction]!;
      const holder = this.holders[conjunction];
      if (single === several) visitAll((holder as Crowd<Subscriber>).alone, left, visit);
      else if ((single & 1) === 0 && (left.size === 0 || !left.has(single >>> 1))) visit(holder as Subscriber);
    }
    if (shared) visitAll(shared, left, visit);
  }

  /** Those of several conjunctions who have one of these, by their entries. */
  private findShared(conjunctions: readonly number[], count: number): MemberList<Subscriber> | undefined {
    this.nextVisit();
    const shared = new MemberList<Subscriber>();
    for (let index = 0; index < count; index += 1) {
      const conjunction = conjunctions[index]!;
      const single = this.singles.values[conjunction]!;
      const holder = this.holders[conjunction];
      if (single === several) {
        const list = (holder as Crowd<Subscriber>).shared;
        for (let place = 0; place < list.subscribers.length; place += 1) {
          this.findOnce(list.memberships[place]!, list.subscribers[place]!, shared);
        }
      } else if ((single & 1) === 1) {
        this.findOnce(single >>> 1, holder as Subscriber, shared);
      }
    }
    return shared;
  }

  private findOnce(membership: number, subscriber: Subscriber, shared: MemberList<Subscriber>): void {
    const entry = this.firsts.values[membership]!;
    if (this.found.values[entry] === this.visits) return;
    this.found.values[entry] = this.visits;
    shared.push(entry, subscriber);
  }

  private nextVisit(): void {
    this.visits += 1;
    if (this.visits <= 0xffffffff) return;
    this.found.values.fill(0);
    this.visits = 1;
  }

  private join(conjunction: number, membership: number, subscriber: Subscriber, isShared: boolean): void {
    this.singles.reserve(conjunction);
    while (this.holders.length <= conjunction) this.holders.push(undefined);
    const single = this.singles.values[conjunction]!;
    if (single === 0) {
      this.singles.values[conjunction] = membership * 2 + (isShared ? 1 : 0);
      this.holders[conjunction] = subscriber;
      return;
    }
    const crowd = single === several ? this.crowdOf(conjunction) : this.makeCrowd(conjunction, single);
    this.places.values[membership] = (isShared ? crowd.shared : crowd.alone).push(membership, subscriber);
  }

  /** True where nobody has the conjunction any more. */
  private part(conjunction: number, membership: number, isShared: boolean): boolean {
    if (this.singles.values[conjunction] === several) {
      const crowd = this.crowdOf(conjunction);
      const list = isShared ? crowd.shared : crowd.alone;
      const place = this.places.values[membership]!;
      const moved = list.take(place);
      if (moved !== undefined) this.places.values[moved] = place;
      if (crowd.alone.subscribers.length + crowd.shared.subscribers.length > 0) return false;
    }
    this.singles.values[conjunction] = 0;
    this.holders[conjunction] = undefined;
    return true;
  }

  private makeCrowd(conjunction: number, single: number): Crowd<Subscriber> {
    const crowd = new Crowd<Subscriber>();
    const membership = single >>> 1;
    const list = (single & 1) === 1 ? crowd.shared : crowd.alone;
    this.places.values[membership] = list.push(membership, this.holders[conjunction] as Subscriber);
    this.singles.values[conjunction] = several;
    this.holders[conjunction] = crowd;
    return crowd;
  }

  private crowdOf(conjunction: number): Crowd<Subscriber> {
    return this.holders[conjunction] as Crowd<Subscriber>;
  }
}

function visitAll<Subscriber>(
  { subscribers, memberships }: MemberList<Subscriber>,
  left: ReadonlySet<number>,
  visit: (subscriber: Subscriber) => void,
): void {
  for (let place = 0; place < subscribers.length; place += 1) {
    if (left.size === 0 || !left.has(memberships[place]!)) visit(subscribers[place]!);
  }
}
