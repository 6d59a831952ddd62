import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, createMetrics } from '#libs/observability';
import { Admission } from '../connection/admission.js';
import { ConnectionRegistry } from '../connection/connection-registry.js';
import type { GatewayOptions } from '../gateway-options.js';
import { Drain } from './drain.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp(count: number) {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const metrics = createMetrics();
  const registry = new ConnectionRegistry({ keepAliveMs: 1_000 }, logger);
  const admission = new Admission(
    { maxHandshakesPerSecond: 0, maxHandshakesPerSecondPerAddress: 0 } as GatewayOptions,
    metrics,
  );
  const share = { isBusy: false };
  const drain = new Drain(admission, registry, share as never, metrics, logger);
  /** A connection whose client answers a close in the same turn, unless it is gone. */
  const connect = (isGone = false) => {
    const connection = {
      protocolName: 'appsync' as const,
      keepAlive: vi.fn(),
      goAway: vi.fn(() => void (isGone || queueMicrotask(() => registry.remove(connection)))),
      terminate: vi.fn(),
    };
    registry.add(connection);
    return connection;
  };
  const connections = Array.from({ length: count }, () => connect());
  const closed = (): number => connections.filter(({ goAway }) => goAway.mock.calls.length > 0).length;
  return { registry, admission, share, drain, connect, connections, closed, metrics };
}

describe('Drain', () => {
  it('should let nobody in from its beginning, and keep those alive who wait for their turn', async () => {
    const { drain, admission, connections, closed } = setUp(100);
    const request = { headers: {}, socket: {} } as Parameters<Admission['admit']>[0];
    const drained = drain.run(10_000);
    expect(() => admission.admit(request)).toThrow('This server stops. Connect again: another one is there.');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed()).toBeGreaterThan(45);
    expect(closed()).toBeLessThan(55);
    const waiting = connections.filter(({ goAway }) => goAway.mock.calls.length === 0);
    for (const { keepAlive } of waiting) expect(keepAlive.mock.calls.length).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(5_050);
    expect(await drained).toEqual({ figures: { connections: 100, closed: 100, cut: 0 } });
  });

  it('should count those it sends away while it does', async () => {
    const { drain, metrics } = setUp(100);
    const counted = async () => (await metrics.drainedConnections.get()).values[0]?.value;
    const drained = drain.run(10_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await counted()).toBeGreaterThan(45);
    expect(await counted()).toBeLessThan(55);
    await vi.advanceTimersByTimeAsync(5_050);
    await drained;
    expect(await counted()).toBe(100);
  });

  it('should close nobody while an event is on its way, and catch up before the next one', async () => {
    const { drain, share, closed } = setUp(100);
    share.isBusy = true;
    const drained = drain.run(10_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed()).toBe(0);
    drain.betweenEntries();
    expect(closed()).toBeGreaterThan(45);
    expect(closed()).toBeLessThan(55);
    share.isBusy = false;
    await vi.advanceTimersByTimeAsync(5_050);
    expect(await drained).toMatchObject({ figures: { closed: 100 } });
  });

  it('should wait for an event no longer than a second beyond its end', async () => {
    const { drain, share, closed } = setUp(100);
    share.isBusy = true;
    const drained = drain.run(2_000);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(closed()).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(closed()).toBe(100);
    expect(await drained).toMatchObject({ figures: { closed: 100 } });
  });

  it('should close those whose handshake ends meanwhile, and cut those that do not answer', async () => {
    const { drain, connect } = setUp(10);
    const drained = drain.run(1_000);
    await vi.advanceTimersByTimeAsync(500);
    const late = connect();
    const gone = connect(true);
    await vi.advanceTimersByTimeAsync(550);
    expect(late.goAway).toHaveBeenCalledOnce();
    expect(gone.terminate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gone.terminate).toHaveBeenCalledOnce();
    expect(await drained).toEqual({ figures: { connections: 10, closed: 12, cut: 1 } });
  });

  it('should be over at once where nobody is', async () => {
    const { drain } = setUp(0);
    expect(await drain.run(60_000)).toEqual({ figures: { connections: 0, closed: 0, cut: 0 } });
  });
});
