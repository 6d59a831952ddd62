import { describe, expect, it } from 'vitest';
import { argumentFilter } from '#libs/filter';
import { RequestError } from '#libs/protocol';
import type { Subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

function subscriptionTo(field: string): Subscription {
  return {
    field,
    filter: argumentFilter({}),
    invalidationFilter: null,
    projection: { project: () => '' },
    fieldPolicies: new Map(),
    sink: { deliver: () => undefined, invalidate: () => undefined },
  };
}

describe('SubscriptionRegistry', () => {
  it('should find the subscriptions of a field and of no other', () => {
    const registry = new SubscriptionRegistry({ refuse: () => undefined });
    const [created, closed] = [subscriptionTo('onTaskCreated'), subscriptionTo('onTaskClosed')];
    registry.add(created);
    registry.add(closed);
    expect([...registry.forField('onTaskCreated')]).toEqual([created]);
    expect([...registry.forField('constructor')]).toEqual([]);
    expect(registry.count).toBe(2);
  });

  it('should count a subscription once, however often it is added and removed', () => {
    const registry = new SubscriptionRegistry({ refuse: () => undefined });
    const subscription = subscriptionTo('onTaskCreated');
    registry.add(subscription);
    registry.add(subscription);
    expect(registry.count).toBe(1);
    registry.remove(subscription);
    registry.remove(subscription);
    registry.remove(subscriptionTo('onTaskCreated'));
    expect(registry.count).toBe(0);
    expect(registry.forField('onTaskCreated').size).toBe(0);
  });

  it('should let subscriptions go while they are walked over', () => {
    const registry = new SubscriptionRegistry({ refuse: () => undefined });
    const subscriptions = Array.from({ length: 5 }, () => subscriptionTo('onTaskCreated'));
    for (const subscription of subscriptions) registry.add(subscription);
    const visited: Subscription[] = [];
    for (const subscription of registry.forField('onTaskCreated')) {
      visited.push(subscription);
      registry.remove(subscription);
    }
    expect(visited).toEqual(subscriptions);
    expect(registry.count).toBe(0);
  });

  it('should not add what is refused', () => {
    const registry = new SubscriptionRegistry({
      refuse() {
        throw new RequestError('SUBSCRIPTION_INVALIDATED', 'Refused.');
      },
    });
    expect(() => registry.add(subscriptionTo('onTaskCreated'))).toThrow('Refused.');
    expect(registry.count).toBe(0);
    expect(registry.forField('onTaskCreated').size).toBe(0);
  });
});
