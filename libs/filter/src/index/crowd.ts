/**
 * The members of one conjunction, side by side: how many of them are shared, then of each its subscriber and twice its
 * membership, plus 1 where it is shared. One array, because most crowds are small, and every array costs as much as five members.
 */
export type Crowd<Subscriber> = (Subscriber | number)[];

/** Up to this length a crowd is copied to grow: JavaScript would make room for eight more members. */
const maxCopied = 33;

/** A crowd of one. */
export function createCrowd<Subscriber>(
  membership: number,
  subscriber: Subscriber,
  isShared: boolean,
): Crowd<Subscriber> {
  return isShared ? [1, subscriber, membership * 2 + 1] : [0, subscriber, membership * 2];
}

/** The crowd with one more, at the end; the crowd that was given is not to be used any more. */
export function withMember<Subscriber>(
  crowd: Crowd<Subscriber>,
  membership: number,
  subscriber: Subscriber,
  isShared: boolean,
): Crowd<Subscriber> {
  if (isShared) crowd[0] = (crowd[0] as number) + 1;
  const word = membership * 2 + (isShared ? 1 : 0);
  if (crowd.length <= maxCopied) return crowd.concat([subscriber, word]);
  crowd.push(subscriber, word);
  return crowd;
}

/** Takes out the member at the place: the last one takes it. Gives that one's membership; undefined where it was the last. */
export function takeMember<Subscriber>(crowd: Crowd<Subscriber>, place: number): number | undefined {
  if (((crowd[place + 1] as number) & 1) === 1) crowd[0] = (crowd[0] as number) - 1;
  const word = crowd.pop() as number;
  const subscriber = crowd.pop() as Subscriber;
  if (place === crowd.length) return undefined;
  crowd[place] = subscriber;
  crowd[place + 1] = word;
  return word >>> 1;
}
