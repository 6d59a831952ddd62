import { describe, expect, it } from 'vitest';
import { RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { acceptedSubscription, wholePayload } from '../../test/accepted-subscription.js';
import type { Wish } from '../../test/accepted-subscription.js';
import type { Subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

const sink = { deliver: () => undefined, invalidate: () => undefined, fail: () => undefined };

function setUp() {
  const registry = new SubscriptionRegistry({ refuse: () => undefined });
  const add = (wish?: Wish): Subscription => registry.add(acceptedSubscription(wish), sink);
  const matches = (field: string, payload: JsonValue = {}): Subscription[] => {
    const matched: Subscription[] = [];
    registry.match(field, payload, (subscription) => matched.push(subscription));
    return matched;
  };
  return { registry, add, matches };
}

describe('SubscriptionRegistry', () => {
  it('should find the subscriptions of a field and of no other', () => {
    const { registry, add, matches } = setUp();
    const created = add({ field: 'onTaskCreated' });
    add({ field: 'onTaskClosed' });
    expect(matches('onTaskCreated')).toEqual([created]);
    expect(matches('constructor')).toEqual([]);
    expect([registry.has('onTaskClosed'), registry.has('constructor')]).toEqual([true, false]);
    expect(registry.count).toBe(2);
  });

  it('should find those whose filter holds, and those whose invalidation filter does', () => {
    const { registry, add, matches } = setUp();
    const [first, second] = [add({ boardId: 'b1', username: 'jdoe' }), add({ boardId: 'b2', username: 'janed' })];
    add({ boardId: 'b3' });
    expect(matches('onTask', { boardId: 'b2' })).toEqual([second]);
    const ended: Subscription[] = [];
    registry.matchInvalidation('onTask', { username: 'jdoe' }, (subscription) => ended.push(subscription));
    expect(ended).toEqual([first]);
  });

  it('should count a subscription once, however often it is removed, and keep nothing of it', () => {
    const { registry, add, matches } = setUp();
    const subscription = add({ username: 'jdoe' });
    expect([registry.count, registry.groupCount, subscription.isLive]).toEqual([1, 1, true]);
    expect(registry.conjunctions).toBe(2);
    registry.remove(subscription);
    registry.remove(subscription);
    expect(subscription.isLive).toBe(false);
    expect(matches('onTask')).toEqual([]);
    expect([registry.count, registry.groupCount, registry.conjunctions, registry.scanListLength]).toEqual([0, 0, 0, 0]);
    expect(registry.has('onTask')).toBe(false);
  });

  it('should let subscriptions go while they are visited', () => {
    const { registry, add } = setUp();
    const [first, second] = [add(), add()];
    let visits = 0;
    registry.match('onTask', {}, () => {
      visits += 1;
      registry.remove(first);
      registry.remove(second);
    });
    expect([visits, registry.count]).toEqual([1, 0]);
  });

  it('should not add what is refused', () => {
    const registry = new SubscriptionRegistry({
      refuse() {
        throw new RequestError('SUBSCRIPTION_INVALIDATED', 'Refused.');
      },
    });
    expect(() => registry.add(acceptedSubscription(), sink)).toThrow('Refused.');
    expect([registry.count, registry.groupCount, registry.has('onTask')]).toEqual([0, 0, false]);
  });
});

describe('delivery groups', () => {
  it('should be one for all that project the same, whatever their filters', () => {
    const { registry, add } = setUp();
    const one = add({ boardId: 'b1', projection: wholePayload('same') });
    const other = add({ boardId: 'b2', projection: wholePayload('same') });
    expect(other.group).toBe(one.group);
    expect(add({ boardId: 'b1', projection: wholePayload('another') }).group).not.toBe(one.group);
    expect(registry.groupCount).toBe(2);
  });

  it('should be gone with their last subscription, and not before', () => {
    const { registry, add } = setUp();
    const [first, second] = [add(), add()];
    registry.remove(first);
    expect(add().group).toBe(second.group);
    registry.remove(second);
    expect(registry.groupCount).toBe(1);
  });
});
