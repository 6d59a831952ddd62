import { Column, IdPool } from './column.js';
import type { Crowd } from './crowd.js';
import { createCrowd, takeMember, withMember } from './crowd.js';

/** In place of the one member of a conjunction: it has, or had, several. */
const several = 0xffffffff;

/**
 * Who has which conjunctions. A subscriber enters with all conjunctions of its group at once: a chain of memberships, one for
 * each, whose first one's id is the entry's. A membership of a chain of several is shared: of those only one may be visited.
 */
export class Members<Subscriber> {
  private readonly ids = new IdPool();
  /** By membership: its conjunction, and its place in a crowd. */
  private readonly conjunctions = new Column();
  private readonly places = new Column();
  /** By shared membership: the first and the next one of the chain. Most indexes have no shared one, and no room for them. */
  private readonly firsts = new Column();
  private readonly nexts = new Column();
  /** By entry of several: the visit in which it was last found. */
  private readonly found = new Column();
  /** By conjunction: twice its one member's membership, plus 1 where that is shared; or `several`. */
  private readonly singles = new Column();
  /** By conjunction: that member's subscriber, or the crowd. */
  private readonly holders: (Subscriber | Crowd<Subscriber> | undefined)[] = [];
  private visits = 0;
  private shared = 0;

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
    if (entry < this.nexts.values.length) this.nexts.values[entry] = 0;
    let before = 0;
    for (const conjunction of conjunctions) {
      const membership = before === 0 ? entry : this.ids.take();
      if (isShared) this.chain(entry, before, membership);
      this.conjunctions.reserve(membership);
      this.conjunctions.values[membership] = conjunction;
      this.join(conjunction, membership, subscriber, isShared);
      before = membership;
    }
  }

  /** Ends an entry. Calls `emptied` with each conjunction that nobody has any more. */
  leave(entry: number, emptied: (conjunction: number) => void): void {
    const isShared = this.nextOf(entry) !== 0;
    let membership = entry;
    while (membership !== 0) {
      if (isShared) this.shared -= 1;
      const conjunction = this.conjunctions.values[membership]!;
      if (this.part(conjunction, membership)) emptied(conjunction);
      this.ids.giveBack(membership);
      membership = this.nextOf(membership);
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
    const shared = this.shared === 0 ? undefined : this.findShared(conjunctions, count);
    const holders = this.readHolders(conjunctions, count);
    const singles = this.singles.values;
    for (let index = 0; index < count; index += 1) {
      const single = singles[conjunctions[index]!]!;
      const holder = holders[index];
      if (single === several) visitCrowd(holder as Crowd<Subscriber>, left, visit);
      else if ((single & 1) === 0 && (left.size === 0 || !left.has(single >>> 1))) visit(holder as Subscriber);
    }
    if (shared) visitCrowd(shared, left, visit);
  }

  /**
   * The holders of the conjunctions. They lie anywhere in memory, and a crowd's members somewhere else again: read in loops that
   * do nothing else, the processor waits for many of them at once: half the time that visiting small crowds takes otherwise.
   */
  private readHolders(conjunctions: readonly number[], count: number): readonly unknown[] {
    const { holders } = this;
    const singles = this.singles.values;
    const read = new Array<unknown>(count);
    for (let index = 0; index < count; index += 1) read[index] = holders[conjunctions[index]!];
    let shared = 0;
    for (let index = 0; index < count; index += 1) {
      if (singles[conjunctions[index]!] === several) shared += (read[index] as readonly number[])[0]!;
    }
    // Always true; without a use, the reads could be left out.
    return shared >= 0 ? read : [];
  }

  /** The entries of several that have one of the conjunctions, each once, as a crowd in which they are not shared. */
  private findShared(conjunctions: readonly number[], count: number): Crowd<Subscriber> {
    this.nextVisit();
    const shared: Crowd<Subscriber> = [0];
    for (let index = 0; index < count; index += 1) {
      const conjunction = conjunctions[index]!;
      const single = this.singles.values[conjunction]!;
      if (single !== several) {
        if ((single & 1) === 1) this.findOnce(single, this.holders[conjunction] as Subscriber, shared);
        continue;
      }
      const crowd = this.holders[conjunction] as Crowd<Subscriber>;
      if (crowd[0] === 0) continue;
      for (let place = 1; place < crowd.length; place += 2) {
        const word = crowd[place + 1] as number;
        if ((word & 1) === 1) this.findOnce(word, crowd[place] as Subscriber, shared);
      }
    }
    return shared;
  }

  private findOnce(word: number, subscriber: Subscriber, shared: Crowd<Subscriber>): void {
    const entry = this.firsts.values[word >>> 1]!;
    if (this.found.values[entry] === this.visits) return;
    this.found.values[entry] = this.visits;
    shared.push(subscriber, entry * 2);
  }

  private nextVisit(): void {
    this.visits += 1;
    if (this.visits <= 0xffffffff) return;
    this.found.values.fill(0);
    this.visits = 1;
  }

  private nextOf(membership: number): number {
    return this.nexts.values[membership] ?? 0;
  }

  private chain(entry: number, before: number, membership: number): void {
    for (const column of [this.firsts, this.nexts, this.found]) column.reserve(membership);
    this.firsts.values[membership] = entry;
    this.nexts.values[membership] = 0;
    if (before !== 0) this.nexts.values[before] = membership;
    this.shared += 1;
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
    this.setPlace(membership, crowd.length);
    this.holders[conjunction] = withMember(crowd, membership, subscriber, isShared);
  }

  /** True where nobody has the conjunction any more. */
  private part(conjunction: number, membership: number): boolean {
    if (this.singles.values[conjunction] === several) {
      const crowd = this.crowdOf(conjunction);
      const place = this.places.values[membership]!;
      const moved = takeMember(crowd, place);
      if (moved !== undefined) this.places.values[moved] = place;
      if (crowd.length > 1) return false;
    }
    this.singles.values[conjunction] = 0;
    this.holders[conjunction] = undefined;
    return true;
  }

  private makeCrowd(conjunction: number, single: number): Crowd<Subscriber> {
    this.setPlace(single >>> 1, 1);
    this.singles.values[conjunction] = several;
    return createCrowd(single >>> 1, this.holders[conjunction] as Subscriber, (single & 1) === 1);
  }

  private setPlace(membership: number, place: number): void {
    this.places.reserve(membership);
    this.places.values[membership] = place;
  }

  private crowdOf(conjunction: number): Crowd<Subscriber> {
    return this.holders[conjunction] as Crowd<Subscriber>;
  }
}

/** Visits the members of a crowd that are not shared. */
function visitCrowd<Subscriber>(
  crowd: Crowd<Subscriber>,
  left: ReadonlySet<number>,
  visit: (subscriber: Subscriber) => void,
): void {
  for (let place = 1; place < crowd.length; place += 2) {
    const word = crowd[place + 1] as number;
    if ((word & 1) === 0 && (left.size === 0 || !left.has(word >>> 1))) visit(crowd[place] as Subscriber);
  }
}
