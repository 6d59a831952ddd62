import { Pool } from 'undici';
import { freePorts, startProgram, startRedisServer } from '#libs/testing';

/**
 * Requests per second of one api process: a mutation without a data store, through authorisation, both handlers, execution and
 * publishing to Redis, beside stock NestJS with Apollo, whose resolver answers its argument and does none of that. Runs alternate, so
 * that a slow moment of the machine meets both; medians count.
 */
const connections = 16;
const runMs = 4_000;
const runs = 5;
const target = 0.8;

interface Server {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

await using started = new AsyncDisposableStack();
const [apiPort, stockPort] = await freePorts(2);
const redis = started.adopt(await startRedisServer(), (it) => it.stop());
const apiKey = 'da2-benchbenchbenchbenchbenchb';
await start('dist/apps/api/src/main.js', [], {
  STARLING_API: 'bench/api',
  STARLING_API_KEY: apiKey,
  REDIS_URL: redis.url,
  HOST: '127.0.0.1',
  PORT: String(apiPort),
});
await start('dist/bench/peers/stock-nestjs.js', [String(stockPort)], {});

const servers: readonly Server[] = [
  { name: 'starling api', port: apiPort!, headers: { 'x-api-key': apiKey } },
  { name: 'stock NestJS + Apollo', port: stockPort!, headers: {} },
];
const results = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
for (let run = 0; run <= runs; run += 1) {
  for (const server of servers) {
    const perSecond = await measure(server);
    // The first run warms up.
    if (run > 0) results.get(server.name)!.push(perSecond);
  }
}
const [own, stock] = servers.map(({ name }) => median(results.get(name)!));
console.table(
  servers.map(({ name }) => ({
    'mutations per second': name,
    median: Math.round(median(results.get(name)!)),
    'ratio to stock': (median(results.get(name)!) / stock!).toFixed(2),
    target: name === 'starling api' ? target : '',
  })),
);
process.stdout.write(`starling / stock = ${(own! / stock!).toFixed(2)}\n`);
await started.disposeAsync();

async function start(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const program = await startProgram({ script, args, env, readyText: 'is listening' });
  started.defer(async () => void (await program.stop()));
}

async function measure({ port, headers }: Server): Promise<number> {
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
  return (count * 1000) / runMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
