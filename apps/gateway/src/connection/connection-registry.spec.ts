import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#libs/observability';
import type { ConnectionProtocol } from './connection.js';
import { ConnectionRegistry } from './connection-registry.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const registryOf = () => new ConnectionRegistry({ keepAliveMs: 1_000 }, logger);
const fakeConnection = (protocolName: ConnectionProtocol = 'appsync') => ({
  protocolName,
  keepAlive: vi.fn(),
  goAway: vi.fn(),
  terminate: vi.fn(),
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('ConnectionRegistry', () => {
  it('should tell how many connections speak each protocol, those that nobody speaks too', () => {
    const registry = registryOf();
    const [first, second] = [fakeConnection(), fakeConnection()];
    for (const connection of [first, second]) registry.add(connection);
    registry.remove(second);
    expect([...registry.countByProtocol()]).toEqual([
      ['appsync', 1],
      ['graphql-transport-ws', 0],
      ['sse', 0],
    ]);
  });

  it('should keep every connection alive with one timer of Node', () => {
    const registry = registryOf();
    const connections = [fakeConnection(), fakeConnection()];
    for (const connection of connections) registry.add(connection);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3_000);
    for (const { keepAlive } of connections) expect(keepAlive).toHaveBeenCalledTimes(3);
  });

  it('should send everybody away and be done as soon as they have left', async () => {
    const registry = registryOf();
    const connection = fakeConnection();
    connection.goAway.mockImplementation(() => queueMicrotask(() => registry.remove(connection)));
    registry.add(connection);
    await registry.beforeApplicationShutdown();
    expect(registry.count).toBe(0);
    expect(connection.terminate).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('should cut those who do not leave', async () => {
    const registry = registryOf();
    const connection = fakeConnection();
    registry.add(connection);
    const done = registry.beforeApplicationShutdown();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(connection.goAway).toHaveBeenCalledOnce();
    expect(connection.terminate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(connection.terminate).toHaveBeenCalledOnce();
  });

  it('should send a connection away that comes while the process stops', async () => {
    const registry = registryOf();
    await registry.beforeApplicationShutdown();
    const late = fakeConnection();
    registry.add(late);
    expect(late.goAway).toHaveBeenCalledOnce();
  });
});
