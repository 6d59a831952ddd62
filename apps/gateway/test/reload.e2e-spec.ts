import { afterEach, describe, expect, it } from 'vitest';
import { protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

/** The definition with a part of its schema replaced. */
function changed(from: string | RegExp, to: string): Readonly<Record<string, string>> {
  const schema = tasksWithRights['schema.graphql']!.replace(from, to);
  expect(schema).not.toBe(tasksWithRights['schema.graphql']);
  return { ...tasksWithRights, 'schema.graphql': schema };
}

const task = { id: 't1', title: 'Fix the roof', boardId: 'b1', level: 3 };
const withLevel = 'subscription { onTaskCreated { id level } }';
const withTitle = 'subscription { onTaskCreated { id title } }';

let gateway: TestGateway;
afterEach(() => gateway.stop());

describe.each(protocols)('a definition that is replaced, over $name', ({ connect }) => {
  async function setUp() {
    gateway = await startGateway({ api: tasksWithRights });
    const subscriber = await connect(gateway, await gateway.authorization({ username: 'jdoe' }));
    const endOf = async (id: string): Promise<string> =>
      JSON.stringify(await subscriber.socket.waitForMessage((one) => one.id === id && one.type === 'error'));
    return { subscriber, endOf };
  }

  it('should end a subscription whose field is gone, with a reason, and no other and no connection', async () => {
    const { subscriber, endOf } = await setUp();
    await subscriber.subscribe('level', withLevel);
    await subscriber.subscribe('title', withTitle);
    await gateway.redefine(changed('  level: Int\n', ''));
    const end = await endOf('level');
    expect(end).toContain('ApiChanged');
    expect(end).toContain('The API has changed: Task.level is gone, or not what the subscription began with.');
    await gateway.publish('createTask', task);
    expect(await subscriber.delivery('title')).toEqual({
      data: { onTaskCreated: { id: 't1', title: 'Fix the roof' } },
    });
    expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([1, 1]);
    const [refusal] = await subscriber.refusalOf('again', withLevel);
    expect(refusal?.message).toContain("Field 'level' in type 'Task' is undefined");
  });

  it('should keep a connection whose last subscription it ends', async () => {
    const { subscriber, endOf } = await setUp();
    await subscriber.subscribe('level', withLevel);
    await gateway.redefine(changed(/ {2}onTaskCreated.*\n/, ''));
    expect(await endOf('level')).toContain('Subscription.onTaskCreated is gone');
    await subscriber.subscribe('other', 'subscription { onTaskOnDefaultBoard { id } }');
    expect(gateway.connectionCount).toBe(1);
  });

  it.each([
    ['has another type', changed('level: Int', 'level: Int!')],
    ['is for others to see', changed('  level: Int', '  level: Int @aws_api_key')],
  ])('should end a subscription a field of which %s', async (_name, api) => {
    const { subscriber, endOf } = await setUp();
    await subscriber.subscribe('level', withLevel);
    await gateway.redefine(api);
    expect(await endOf('level')).toContain('Task.level');
    expect(gateway.subscriptionCount).toBe(0);
  });

  it('should serve what is new in it to those who subscribe from then on, on connections of before', async () => {
    const { subscriber } = await setUp();
    await subscriber.subscribe('title', withTitle);
    await gateway.redefine(changed('level: Int', 'level: Int\n  colour: String'));
    await subscriber.subscribe('colour', 'subscription { onTaskCreated { colour } }');
    await gateway.publish('createTask', { ...task, colour: 'blue' });
    expect(await subscriber.delivery('colour')).toEqual({ data: { onTaskCreated: { colour: 'blue' } } });
    expect(await subscriber.delivery('title')).toMatchObject({ data: { onTaskCreated: { id: 't1' } } });
  });

  it('should refuse a subscription whose resolver ran while its field went', async () => {
    const { subscriber } = await setUp();
    const held = gateway.hold();
    const refusal = subscriber.refusalOf('own', 'subscription { onOwn { level } }');
    await held.waitFor(1);
    await gateway.redefine(changed('  level: Int\n', ''));
    held.release(0);
    expect((await refusal)[0]).toMatchObject({ message: expect.stringContaining('Task.level') as string });
    expect(gateway.subscriptionCount).toBe(0);
  });
});
