import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createRedisEventLog } from '#libs/event-log';
import { startRedisServer } from '#libs/testing';
import { publishAtPace } from './load/publishing.js';
import { makeTask } from './load/task.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { createLogPublisher } from './servers/publishers.js';

/**
 * What gateways cost Redis: every gateway reads every entry, so its answers grow with their number. One process stands for all of
 * them, with a reader each; events come one by one, at a pace at which no reader is behind: that is what costs most.
 */
const readerCounts = [1, 10, 30, 90];
const perSecond = 100;

/** Longest wait for readers that are behind, in milliseconds. */
const patienceMs = 10_000;
const seconds = { quick: 3, whole: 10 };

interface Usage {
  readonly cpuMs: number;
  readonly sentBytes: number;
  readonly usedBytes: number;
}

export async function measure({ isQuick }: BenchOptions): Promise<readonly Row[]> {
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const admin = started.adopt(new Redis(redis.url), (it) => it.disconnect());
  const fail = (problem: unknown): never => {
    throw new Error('The log lost something', { cause: problem });
  };
  const log = started.adopt(
    createRedisEventLog({ url: redis.url, api: 'bench', onError: fail, onSkipped: fail }),
    (it) => it.close(),
  );
  const publisher = started.adopt(createLogPublisher(redis.url), (it) => it.close());

  const rows: Row[] = [];
  let readers = 0;
  let read = 0;
  const startReader = () => log.read({ onEntry: () => void (read += 1), onGap: fail });
  for (const count of readerCounts) {
    for (; readers < count; readers += 1) await startReader();
    const forSeconds = isQuick ? seconds.quick : seconds.whole;
    const before = await usageOf(admin);
    await publishAtPace(publisher, { perSecond, seconds: forSeconds, task: makeTask });
    const entries = perSecond * forSeconds;
    for (const end = performance.now() + patienceMs; read < entries * count && performance.now() < end;)
      await sleep(10);
    if (read !== entries * count) throw new Error(`${read} of ${entries * count} entries were read`);
    read = 0;
    const after = await usageOf(admin);
    const name = `log read by ${count}`;
    rows.push(
      row({
        name: `${name}: Redis`,
        figure: ((after.cpuMs - before.cpuMs) * 1_000) / entries,
        unit: 'µs CPU per event',
      }),
      row({
        name: `${name}: sent`,
        figure: (after.sentBytes - before.sentBytes) / entries / count,
        unit: 'bytes per event and gateway',
      }),
    );
    // Later, the buffers of readers that came in between would count.
    if (count === readerCounts[0]) {
      const held = (after.usedBytes - before.usedBytes) / entries;
      rows.push(row({ name: 'log: held', figure: held, unit: 'bytes per event' }));
    }
  }
  return rows;
}

async function usageOf(redis: Redis): Promise<Usage> {
  const info = await redis.info();
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return {
    cpuMs: (numberOf('used_cpu_user') + numberOf('used_cpu_sys')) * 1_000,
    sentBytes: numberOf('total_net_output_bytes'),
    usedBytes: numberOf('used_memory'),
  };
}
