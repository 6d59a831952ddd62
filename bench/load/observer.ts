import { percentile } from '../measure/statistics.js';
import { createChannelPublisher, createLogPublisher } from '../servers/publishers.js';
import { clientProtocols } from './client-protocol.js';
import { Load } from './load.js';
import { publishAtPace } from './publishing.js';
import { makeTask } from './task.js';

// Users who are there while something happens to a server: a process of its own, because what happens keeps the process of the other
// clients busy, and its delays are not the server's. Runs until it is told to stop, and then says how long deliveries took.
export interface ObserverOptions {
  readonly kind: 'raw ws' | 'starling' | 'stock';
  readonly port: number;
  readonly apiKey: string;
  readonly redisUrl: string;
  readonly connections: number;
  readonly eventsPerSecond: number;
}

export interface Observation {
  readonly deliveries: number;
  readonly p99Ms: number;
}

/** A board that nobody else has subscribed to. */
const boardId = 'observed';

const options = JSON.parse(process.argv[2]!) as ObserverOptions;
const { kind, port, apiKey, redisUrl, connections, eventsPerSecond } = options;
const load = new Load({ port, apiKey, protocol: clientProtocols.graphqlTransportWs });
const publisher = kind === 'starling' ? createLogPublisher(redisUrl) : createChannelPublisher(redisUrl);
await load.open(connections, { boardId: () => boardId });

let isOver = false;
process.once('message', () => (isOver = true));
process.on('disconnect', () => process.exit());

const second = { perSecond: eventsPerSecond, seconds: 1, task: () => makeTask(boardId) };
// Seconds that are not counted, until its own code is fast and every client has its subscription.
await publishAtPace(publisher, second);
process.send?.('ready');
const latencies = await load.latenciesDuring(async () => {
  while (!isOver) await publishAtPace(publisher, second);
});
const observation: Observation = { deliveries: latencies.length, p99Ms: percentile(latencies, 0.99) };
process.send?.(observation, () => process.exit());
