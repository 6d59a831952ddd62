import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { executeGraphql, freePorts, startProgram, startRedisServer } from '#libs/testing';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { percentile } from './measure/statistics.js';

/**
 * From a mutation to its delivery: the time from sending the HTTP request to having the event on a WebSocket, on one clock.
 * It holds the request's own way and execution too, so publishing to delivery takes less. Events are sent one after another,
 * as on an idle machine.
 */
const warmUp = 200;
const measured = 2_000;
const pauseMs = 2;

interface Target {
  readonly name: string;
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly apiKey: string;
}

/** Longest time of 99 in a hundred, in milliseconds. */
const maxMs = { standalone: 20, separate: 30 };

export async function measure(): Promise<readonly Row[]> {
  await using started = new AsyncDisposableStack();
  return [
    ...(await measureTarget(await startStandalone(started), maxMs.standalone)),
    ...(await measureTarget(await startSeparate(started), maxMs.separate)),
  ];
}

async function startStandalone(started: AsyncDisposableStack): Promise<Target> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-bench-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const [port, tlsPort, cognitoPort] = await freePorts(3);
  const program = await startProgram({
    script: 'dist/apps/standalone/src/main.js',
    args: ['bench/api', '--data', folder],
    env: { PORT: String(port), TLS_PORT: String(tlsPort), COGNITO_PORT: String(cognitoPort) },
    readyText: 'Stop with Ctrl-C.',
  });
  started.defer(async () => void (await program.stop()));
  const dev = JSON.parse(await readFile(path.join(folder, 'dev.json'), 'utf8')) as Omit<Target, 'name'>;
  return { ...dev, name: 'one process, log in memory' };
}

async function startSeparate(started: AsyncDisposableStack): Promise<Target> {
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const [apiPort, gatewayPort] = await freePorts(2);
  const apiKey = 'da2-benchbenchbenchbenchbenchb';
  const env = {
    STARLING_API: 'bench/api',
    STARLING_API_KEY: apiKey,
    REDIS_URL: redis.url,
    HOST: '127.0.0.1',
    METRICS_PORT: '0',
    LOG_LEVEL: 'info',
  };
  for (const [app, port] of [
    ['api', apiPort],
    ['gateway', gatewayPort],
  ] as const) {
    const script = `dist/apps/${app}/src/main.js`;
    const program = await startProgram({ script, env: { ...env, PORT: String(port) }, readyText: 'is listening' });
    started.defer(async () => void (await program.stop()));
  }
  return {
    name: 'api and gateway over Redis',
    graphqlUrl: `http://127.0.0.1:${apiPort}/graphql`,
    realtimeUrl: `ws://127.0.0.1:${gatewayPort}/graphql/realtime`,
    apiKey,
  };
}

async function measureTarget(target: Target, atMost: number): Promise<readonly Row[]> {
  const socket = new WebSocket(target.realtimeUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  const delays: number[] = [];
  let arrived = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as {
      type: string;
      payload?: { data: { onPublish: { sentAt: number } } };
    };
    if (message.type === 'connection_ack') {
      socket.send(
        JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { onPublish { sentAt } }' } }),
      );
    }
    if (message.type !== 'next') return;
    delays.push(performance.now() - message.payload!.data.onPublish.sentAt);
    arrived();
  });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': target.apiKey } }));
  while (delays.length === 0) {
    await publish(target);
    await sleep(20);
  }
  for (let index = 0; index < warmUp + measured; index += 1) {
    const delivered = new Promise<void>((resolve) => (arrived = resolve));
    await Promise.all([publish(target), delivered]);
    await sleep(pauseMs);
  }
  socket.close();
  const latencies = delays.slice(-measured);
  const name = `mutation to delivery: ${target.name}`;
  return [
    row({ name, figure: percentile(latencies, 0.5), unit: 'ms, median' }),
    row({ name, figure: percentile(latencies, 0.99), unit: 'ms, p99', target: { atMost } }),
    row({ name, figure: percentile(latencies, 1), unit: 'ms, longest' }),
  ];
}

async function publish({ graphqlUrl, apiKey }: Target): Promise<void> {
  const query = 'mutation ($sentAt: Float!) { publish(sentAt: $sentAt) { sentAt } }';
  await executeGraphql(graphqlUrl, { 'x-api-key': apiKey }, query, { sentAt: performance.now() });
}
