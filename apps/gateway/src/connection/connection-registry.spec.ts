import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionRegistry } from './connection-registry.js';

const options = { maxSubscriptionsPerConnection: 1, maxFrameBytes: 1, connectionInitTimeoutMs: 1, keepAliveMs: 1_000 };
const fakeConnection = () => ({ keepAlive: vi.fn(), goAway: vi.fn(), terminate: vi.fn() });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('ConnectionRegistry', () => {
  it('should keep every connection alive with one timer', () => {
    const registry = new ConnectionRegistry(options);
    const connections = [fakeConnection(), fakeConnection()];
    for (const connection of connections) registry.add(connection);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3_000);
    for (const { keepAlive } of connections) expect(keepAlive).toHaveBeenCalledTimes(3);
  });

  it('should send everybody away and be done as soon as they have left', async () => {
    const registry = new ConnectionRegistry(options);
    const connection = fakeConnection();
    connection.goAway.mockImplementation(() => queueMicrotask(() => registry.remove(connection)));
    registry.add(connection);
    await registry.beforeApplicationShutdown();
    expect(registry.count).toBe(0);
    expect(connection.terminate).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('should cut those who do not leave', async () => {
    const registry = new ConnectionRegistry(options);
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
    const registry = new ConnectionRegistry(options);
    await registry.beforeApplicationShutdown();
    const late = fakeConnection();
    registry.add(late);
    expect(late.goAway).toHaveBeenCalledOnce();
  });
});
