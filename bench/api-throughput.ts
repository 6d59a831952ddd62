import { Pool } from 'undici';
import { freePorts, startRedisServer } from '#libs/testing';
import { leaveServerCore } from './measure/cores.js';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median } from './measure/statistics.js';
import { startServerProcess } from './servers/server-process.js';
import type { ServerProcess, ServerProcessOptions } from './servers/server-process.js';

/**
 * Mutations per second that one core of an api serves: a mutation without a data store, through authorisation, both handlers, execution
 * and publishing to Redis, beside stock NestJS with Apollo, whose resolver answers its argument and does none of that. Counted by
 * the CPU time of each server, because client, server and Redis share the machine's cores; the clock's figure stands beside it.
 * Runs are short and alternate, so that a slow moment of the machine meets both; medians count.
 */
const connections = 16;
const warmUpMs = 4_000;
const runMs = 400;
const runs = 50;
const minTimesStock = 0.8;

interface Server {
  readonly process: ServerProcess;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Rates {
  readonly perCoreSecond: number;
  readonly perSecond: number;
}

export async function measure({ profileFolder }: BenchOptions): Promise<readonly Row[]> {
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const start = async (options: ServerProcessOptions): Promise<ServerProcess> =>
    started.adopt(await startServerProcess({ ...options, profileFolder }), (it) => it.stop());
  const ours = await startOurs(start, redis.url);
  const stock = await startStock(start);
  const results = new Map<Server, Rates[]>([ours, stock].map((server) => [server, []]));
  for (const server of [ours, stock]) await measureServer(server, warmUpMs);
  for (let run = 0; run < runs; run += 1) {
    for (const server of [ours, stock]) results.get(server)!.push(await measureServer(server, runMs));
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

type Start = (options: ServerProcessOptions) => Promise<ServerProcess>;

async function startOurs(start: Start, redisUrl: string): Promise<Server> {
  const [port] = await freePorts(1);
  const apiKey = 'da2-benchbenchbenchbenchbenchb';
  const process = await start({
    script: 'dist/apps/api/src/main.js',
    env: {
      STARLING_API: 'bench/api',
      STARLING_API_KEY: apiKey,
      REDIS_URL: redisUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: '0',
    },
  });
  return { process, port: port!, headers: { 'x-api-key': apiKey } };
}

async function startStock(start: Start): Promise<Server> {
  const [port] = await freePorts(1);
  const process = await start({ script: 'dist/bench/peers/stock-nestjs.js', args: [String(port)] });
  return { process, port: port!, headers: {} };
}

async function measureServer({ process, port, headers }: Server, forMs: number): Promise<Rates> {
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
  const cpuBefore = cpuTimeMs(process.pid);
  const end = performance.now() + forMs;
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
    perCoreSecond: (count * 1000) / (cpuTimeMs(process.pid) - cpuBefore),
    perSecond: (count * 1000) / forMs,
  };
}
