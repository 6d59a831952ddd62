import { Pool } from 'undici';
import { freePorts, startProgram, startRedisServer } from '#libs/testing';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';

/**
 * Mutations per second that one core of an api serves: a mutation without a data store, through authorisation, both handlers, execution
 * and publishing to Redis, beside stock NestJS with Apollo, whose resolver answers its argument and does none of that. Counted by
 * the CPU time of each server, because client, server and Redis share the machine's cores; the clock's figure stands beside it.
 * Runs alternate, so that a slow moment of the machine meets both; medians count.
 */
const connections = 16;
const runMs = 4_000;
const runs = 5;
const minTimesStock = 0.8;

interface Server {
  readonly pid: number;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Rates {
  readonly perCoreSecond: number;
  readonly perSecond: number;
}

export async function measure(): Promise<readonly Row[]> {
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const ours = await startOurs(started, redis.url);
  const stock = await startStock(started);
  const results = new Map<Server, Rates[]>([ours, stock].map((server) => [server, []]));
  for (let run = 0; run <= runs; run += 1) {
    for (const server of [ours, stock]) {
      const rates = await measureServer(server);
      // The first run warms up.
      if (run > 0) results.get(server)!.push(rates);
    }
  }
  const of = (server: Server, rate: keyof Rates) => median(results.get(server)!.map((it) => it[rate]));
  const name = 'mutations';
  const perCore = 'per core-second';
  const byClock = 'per second of the clock';
  return [
    row({ name: `${name}: stock`, figure: of(stock, 'perCoreSecond'), unit: perCore }),
    row({
      name: `${name}: starling api`,
      figure: of(ours, 'perCoreSecond'),
      unit: perCore,
      peerFigure: of(stock, 'perCoreSecond'),
      target: { atLeast: minTimesStock, timesPeer: 'stock' },
    }),
    row({ name: `${name}: stock`, figure: of(stock, 'perSecond'), unit: byClock }),
    row({
      name: `${name}: starling api`,
      figure: of(ours, 'perSecond'),
      unit: byClock,
      peerFigure: of(stock, 'perSecond'),
    }),
  ];
}

async function startOurs(started: AsyncDisposableStack, redisUrl: string): Promise<Server> {
  const [port] = await freePorts(1);
  const apiKey = 'da2-benchbenchbenchbenchbenchb';
  const pid = await start(started, 'dist/apps/api/src/main.js', [], {
    STARLING_API: 'bench/api',
    STARLING_API_KEY: apiKey,
    REDIS_URL: redisUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: '0',
    NODE_ENV: 'production',
  });
  return { pid, port: port!, headers: { 'x-api-key': apiKey } };
}

async function startStock(started: AsyncDisposableStack): Promise<Server> {
  const [port] = await freePorts(1);
  const script = 'dist/bench/peers/stock-nestjs.js';
  const pid = await start(started, script, [String(port)], { NODE_ENV: 'production' });
  return { pid, port: port!, headers: {} };
}

async function start(
  started: AsyncDisposableStack,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const program = await startProgram({ script, args, env, readyText: 'is listening' });
  started.defer(async () => void (await program.stop()));
  return program.pid;
}

async function measureServer({ pid, port, headers }: Server): Promise<Rates> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  const body = JSON.stringify({
    query: 'mutation ($sentAt: Float!) { publish(sentAt: $sentAt) { sentAt } }',
    variables: { sentAt: 1.5 },
  });
  const request = {
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  } as const;
  const cpuBefore = cpuTimeMs(pid);
  const end = performance.now() + runMs;
  let count = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const answer = await pool.request(request);
        const text = await answer.body.text();
        if (!text.includes('"sentAt":1.5')) throw new Error(text);
        count += 1;
      }
    }),
  );
  await pool.close();
  return {
    perCoreSecond: (count * 1000) / (cpuTimeMs(pid) - cpuBefore),
    perSecond: (count * 1000) / runMs,
  };
}
