import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, createMetrics, Readiness } from '#libs/observability';
import { drainServer } from './drain-server.js';
import type { DrainReport } from './drain-server.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

interface Wish {
  readonly isUrgent?: boolean;
  readonly report?: DrainReport;
}

function setUp({ isUrgent = false, report = { figures: { closed: 3 } } }: Wish = {}) {
  const story: string[] = [];
  const records: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (line, _encoding, done) => done(void records.push(JSON.parse(String(line)) as never)),
  });
  const metrics = createMetrics(['gateway']);
  const readiness = new Readiness();
  readiness.begin({});
  const server = {
    announceDrain: () => void story.push(`announced, ready: ${readiness.report.isReady}`),
    async drain(withinMs: number, urgent: boolean) {
      story.push(`drains in ${withinMs}, urgent: ${urgent}`);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return report;
    },
  };
  const drained = drainServer(server, {
    name: 'gateway',
    delayMs: 5_000,
    withinMs: 2_000,
    isUrgent,
    readiness,
    metrics,
    logger: createLogger({ name: 'gateway', level: 'info', destination }),
  });
  const metric = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(await metrics.registry.metrics())?.[1]);
  return { story, records, drained, readiness, metric };
}

describe('a process that is told to stop', () => {
  it('should be unready first, and drain when the delay is over', async () => {
    const { story, drained, readiness, metric, records } = setUp();
    expect(readiness.report.isReady).toBe(false);
    expect(await metric('starling_draining')).toBe(1);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(story).toEqual(['announced, ready: false']);
    await vi.advanceTimersByTimeAsync(1);
    expect(story.at(-1)).toBe('drains in 2000, urgent: false');
    expect(await metric('starling_drain_seconds')).toBe(5);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await drained).toEqual({ figures: { closed: 3 } });
    expect(records).toMatchObject([
      { level: 30, delayMs: 5_000, drainMs: 2_000, msg: 'The gateway is told to stop: unready from here on' },
      { level: 30, closed: 3, durationMs: 6_500, msg: 'The gateway has drained' },
    ]);
  });

  it('should not wait for others to be told where somebody waits at a terminal', async () => {
    const { story, readiness } = setUp({ isUrgent: true });
    expect(story).toEqual(['announced, ready: false', 'drains in 2000, urgent: true']);
    expect(readiness.report.isReady).toBe(false);
  });

  it('should log what was lost as an error', async () => {
    const loss = '3 events are lost.';
    const { drained, records } = setUp({ isUrgent: true, report: { figures: { lostEvents: 3 }, loss } });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await drained).toMatchObject({ loss });
    expect(records.at(-1)).toMatchObject({ level: 50, lostEvents: 3, msg: expect.stringContaining(loss) as string });
  });
});

describe('the metrics of a process that is not told to stop', () => {
  it('should show that it does not drain', async () => {
    const text = await createMetrics(['api']).registry.metrics();
    expect(text).toContain('starling_draining 0\n');
    expect(text).toContain('starling_drain_seconds 0\n');
  });
});
