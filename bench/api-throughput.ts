import { Pool } from 'undici';
import { freePorts, startProgram, startRedisServer } from '#libs/testing';
import { cpuTimeMs } from './measure/cpu-time.js';

/**
 * Mutations per second that one core of an api serves: a mutation without a data store, through authorisation, both handlers, execution
 * and publishing to Redis, beside stock NestJS with Apollo, whose resolver answers its argument and does none of that. Counted by
 * the CPU time of each server, because client, server and Redis share the machine's cores; the clock's figure stands beside it.
 * Runs alternate, so that a slow moment of the machine meets both; medians count.
 */
const connections = 16;
const runMs = 4_000;
const runs = 5;
const target = 0.8;

interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

await using started = new AsyncDisposableStack();
const [apiPort, stockPort] = await freePorts(2);
const redis = started.adopt(await startRedisServer(), (it) => it.stop());
const apiKey = 'da2-benchbenchbenchbenchbenchb';
const apiPid = await start('dist/apps/api/src/main.js', [], {
  STARLING_API: 'bench/api',
  STARLING_API_KEY: apiKey,
  REDIS_URL: redis.url,
  HOST: '127.0.0.1',
  PORT: String(apiPort),
  NODE_ENV: 'production',
});
const stockPid = await start('dist/bench/peers/stock-nestjs.js', [String(stockPort)], { NODE_ENV: 'production' });

const servers: readonly Server[] = [
  { name: 'starling api', pid: apiPid, port: apiPort!, headers: { 'x-api-key': apiKey } },
  { name: 'stock NestJS + Apollo', pid: stockPid, port: stockPort!, headers: {} },
];
interface Rates {
  readonly perCoreSecond: number;
  readonly perSecond: number;
}

const results = new Map<string, Rates[]>(servers.map(({ name }) => [name, []]));
for (let run = 0; run <= runs; run += 1) {
  for (const server of servers) {
    const rates = await measure(server);
    // The first run warms up.
    if (run > 0) results.get(server.name)!.push(rates);
  }
}
const medianOf = ({ name }: Server, rate: keyof Rates): number => median(results.get(name)!.map((it) => it[rate]));
const ratioOf = (server: Server, rate: keyof Rates): string =>
  (medianOf(server, rate) / medianOf(servers[1]!, rate)).toFixed(2);
console.table(
  servers.map((server) => ({
    'mutations per second': server.name,
    'of one core': Math.round(medianOf(server, 'perCoreSecond')),
    'ratio to stock': ratioOf(server, 'perCoreSecond'),
    target: server === servers[0] ? target : '',
    'by the clock': Math.round(medianOf(server, 'perSecond')),
    'ratio by the clock': ratioOf(server, 'perSecond'),
  })),
);
await started.disposeAsync();

async function start(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const program = await startProgram({ script, args, env, readyText: 'is listening' });
  started.defer(async () => void (await program.stop()));
  return program.pid;
}

async function measure({ pid, port, headers }: Server): Promise<Rates> {
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
