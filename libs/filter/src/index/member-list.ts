/**
 * Subscribers side by side, for visiting them costs reading one array, and the membership of each. The order is the one they came
 * in, until one goes: the last then takes its place.
 */
export class MemberList<Subscriber> {
  readonly subscribers: Subscriber[] = [];
  readonly memberships: number[] = [];

  /** The place it has now. */
  push(membership: number, subscriber: Subscriber): number {
    this.memberships.push(membership);
    return this.subscribers.push(subscriber) - 1;
  }

  /** Takes out what is at the place. Gives the membership that has the place now; undefined where none has. */
  take(place: number): number | undefined {
    const membership = this.memberships.pop();
    const subscriber = this.subscribers.pop();
    if (place === this.subscribers.length) return undefined;
    this.memberships[place] = membership!;
    this.subscribers[place] = subscriber as Subscriber;
    return membership;
  }
}
