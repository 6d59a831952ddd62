import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';

const field = 'onHightPriorityEngineeringTaskCreated';
const subscription = `subscription MySubscription { ${field} {
  classification department description id owner priority taskStatus title
} }`;

const highPriorityTask = {
  id: 'task-1',
  owner: 'janed',
  title: 'High Priority Task',
  description: 'High Priority Task',
  taskStatus: 'WIP',
  priority: 'high',
  department: 'engineering',
  classification: 8,
};
const lowPriorityTask = { ...highPriorityTask, id: 'task-2', priority: 'low', department: 'HR', classification: 2 };

const jdoe = { username: 'jdoe', email: 'jdoe@myemail.com' };
const janed = { username: 'janed', email: 'janed@myemail.com', groups: ['ManagerGroup'] };

describe.each(protocols)('the tasks example over $name', ({ connect }) => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway({ api: 'tasks' });
  });
  afterEach(() => gateway.stop());

  it('should deliver the task that matches and hold back the one that does not', async () => {
    const client = await connect(gateway, await gateway.authorization(jdoe));
    await client.subscribe('s1', subscription);
    await gateway.publish('createTask', lowPriorityTask);
    await gateway.publish('createTask', highPriorityTask);
    expect(await client.delivery('s1')).toEqual({ data: { [field]: highPriorityTask } });
  });

  it('should deliver nothing for a mutation that the subscription does not name', async () => {
    const client = await connect(gateway, await gateway.authorization(jdoe));
    await client.subscribe('s1', subscription);
    await gateway.publish('updateTaskStatus', highPriorityTask);
    await gateway.publish('createTask', { ...highPriorityTask, id: 'last' });
    expect(await client.delivery('s1')).toMatchObject({ data: { [field]: { id: 'last' } } });
  });

  it('should deliver events in the order in which they were published', async () => {
    const client = await connect(gateway, await gateway.authorization(jdoe));
    await client.subscribe('s1', subscription);
    const ids = Array.from({ length: 50 }, (_, index) => `task-${index}`);
    for (const id of ids) await gateway.publish('createTask', { ...highPriorityTask, id });
    const delivered = [];
    while (delivered.length < ids.length) delivered.push((await client.delivery('s1')).data?.[field]);
    expect(delivered).toMatchObject(ids.map((id) => ({ id })));
  });

  it("should end every subscription of jdoe's clients, and leave janed's alone", async () => {
    const authorization = await gateway.authorization(jdoe);
    const phone = await connect(gateway, authorization);
    const laptop = await connect(gateway, authorization);
    const manager = await connect(gateway, await gateway.authorization(janed));
    for (const client of [phone, laptop, manager]) await client.subscribe('s1', subscription);

    await gateway.invalidate(field, { email: 'jdoe@myemail.com' });
    await gateway.publish('createTask', highPriorityTask);

    for (const client of [phone, laptop]) {
      expect(await client.waitForClose()).toEqual({ code: 1000, reason: 'Subscriptions invalidated' });
      expect(client.typesOf('s1')).not.toContain('data');
      expect(client.typesOf('s1')).not.toContain('next');
    }
    expect(await manager.delivery('s1')).toEqual({ data: { [field]: highPriorityTask } });
    expect(gateway.subscriptionCount).toBe(1);
  });

  it('should not deliver to an invalidated subscription what was published after the invalidation', async () => {
    const client = await connect(gateway, await gateway.authorization(jdoe));
    await client.subscribe('s1', subscription);
    await gateway.publish('createTask', { ...highPriorityTask, id: 'before' });
    await gateway.invalidate(field, { email: 'jdoe@myemail.com' });
    await gateway.publish('createTask', { ...highPriorityTask, id: 'after' });
    await client.waitForClose();
    const deliveries = client.socket.received.filter(({ type }) => type === 'data' || type === 'next');
    expect(deliveries).toMatchObject([{ payload: { data: { [field]: { id: 'before' } } } }]);
  });

  it('should invalidate nothing for an email that nobody has', async () => {
    const client = await connect(gateway, await gateway.authorization(jdoe));
    await client.subscribe('s1', subscription);
    await gateway.invalidate(field, { email: 'nobody@myemail.com' });
    await gateway.invalidate('noSuchField', { email: 'jdoe@myemail.com' });
    await gateway.publish('createTask', highPriorityTask);
    expect(await client.delivery('s1')).toMatchObject({ data: { [field]: { id: 'task-1' } } });
  });

  it('should let an invalidated client subscribe again', async () => {
    const authorization = await gateway.authorization(jdoe);
    const client = await connect(gateway, authorization);
    await client.subscribe('s1', subscription);
    await gateway.invalidate(field, { email: 'jdoe@myemail.com' });
    await client.waitForClose();
    const again = await connect(gateway, authorization);
    await again.subscribe('s1', subscription);
    await gateway.publish('createTask', highPriorityTask);
    expect(await again.delivery('s1')).toMatchObject({ data: { [field]: { id: 'task-1' } } });
  });
});
