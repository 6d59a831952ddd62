import { percentile } from '../measure/statistics.js';
import type { ServerKind } from '../servers/bench-server.js';
import { createChannelPublisher, createLogPublisher } from '../servers/publishers.js';
import { clientProtocols } from './client-protocol.js';
import { Load } from './load.js';
import { publishAtPace } from './publishing.js';
import { makeTask } from './task.js';

// Users who are there while something happens to a server: a process of its own, because what happens keeps the process of the other
// clients busy, and its delays are not the server's. Told `begin` and `end`, it says how long deliveries took in between.
export interface ObserverOptions {
  readonly kind: ServerKind;
  readonly port: number;
  readonly apiKey: string;
  readonly redisUrl: string;
  readonly connections: number;
  readonly eventsPerSecond: number;
}

export interface Observation {
  readonly p99Ms: number;
}

/** A board that nobody else has subscribed to. */
const boardId = 'observed';

const options = JSON.parse(process.argv[2]!) as ObserverOptions;
const { kind, port, apiKey, redisUrl, connections, eventsPerSecond } = options;
const load = new Load({ port, apiKey, protocol: clientProtocols.graphqlTransportWs });
const publisher = kind === 'starling' ? createLogPublisher(redisUrl) : createChannelPublisher(redisUrl);
await load.open(connections, { boardId: () => boardId });

const second = { perSecond: eventsPerSecond, seconds: 1, task: () => makeTask(boardId) };
let isOver = false;

async function observe(): Promise<void> {
  isOver = false;
  const latencies = await load.latenciesDuring(async () => {
    while (!isOver) await publishAtPace(publisher, second);
  });
  process.send?.({ p99Ms: percentile(latencies, 0.99) } satisfies Observation);
}

process.on('message', (command) => {
  if (command === 'begin') void observe();
  else isOver = true;
});
process.on('disconnect', () => process.exit());

// A second until its own code is fast and every client has its subscription.
await publishAtPace(publisher, second);
process.send?.('ready');
