import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { apiKey } from '../start-process.js';

/** A client with one subscription, which knows which of the numbered events it got, and how its connection ended. */
export interface NumberedSubscriber {
  readonly protocol: 'graphql-ws' | 'graphql-transport-ws' | 'sse';
  /** Numbers of events, in the order that they came. */
  readonly numbers: readonly number[];
  /** When and how the server ended the connection: by a code and a reason, or as HTTP ends a body. */
  readonly end: { readonly at: number; readonly how: string } | undefined;
  stop(): void;
}

const query = 'subscription { onTaskCreated { title } }';
const credentials = { 'x-api-key': apiKey };

/** The title of an event; its number stands in it, so that what comes over any protocol can be found. */
export const numberedTitle = (number: number): string => `number-${number}.`;

function numbersIn(text: string): number[] {
  return [...text.matchAll(/number-(\d+)\./g)].map(([, number]) => Number(number));
}

export type Connect = (port: number) => Promise<NumberedSubscriber>;

/** Resolves when the gateway has sent what says that the subscription is there, or has read that it is asked for. */
function webSocketSubscriber(
  protocol: 'graphql-ws' | 'graphql-transport-ws',
  subprotocols: readonly string[],
  talk: (send: (message: object) => void, types: AsyncIterator<string>) => Promise<void>,
): Connect {
  return async (port) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql/realtime`, [...subprotocols], {
      perMessageDeflate: false,
    });
    const subscriber = { protocol, numbers: [] as number[], end: undefined as NumberedSubscriber['end'] };
    const queue: string[] = [];
    let wake = (): void => undefined;
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      subscriber.numbers.push(...numbersIn(text));
      queue.push(/"type":"(\w+)"/.exec(text)?.[1] ?? '');
      wake();
    });
    socket.on('close', (code, reason) => {
      subscriber.end = { at: performance.now(), how: `${code} ${reason.toString()}` };
    });
    await once(socket, 'open');
    socket.on('error', () => undefined);
    const types: AsyncIterator<string> = {
      async next() {
        while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return { value: queue.shift()!, done: false };
      },
    };
    await talk((message) => socket.send(JSON.stringify(message)), types);
    return Object.assign(subscriber, { stop: () => socket.terminate() });
  };
}

async function waitFor(types: AsyncIterator<string>, type: string): Promise<void> {
  while ((await types.next()).value !== type);
}

const header = Buffer.from(JSON.stringify({ host: 'localhost', ...credentials })).toString('base64url');

const connectAppSync = webSocketSubscriber('graphql-ws', ['graphql-ws', `header-${header}`], async (send, types) => {
  send({ type: 'connection_init' });
  await waitFor(types, 'connection_ack');
  const data = JSON.stringify({ query });
  send({ id: '1', type: 'start', payload: { data, extensions: { authorization: credentials } } });
  await waitFor(types, 'start_ack');
});

const connectStandard = webSocketSubscriber('graphql-transport-ws', ['graphql-transport-ws'], async (send, types) => {
  send({ type: 'connection_init', payload: credentials });
  await waitFor(types, 'connection_ack');
  send({ id: '1', type: 'subscribe', payload: { query } });
  // The protocol does not acknowledge; a pong says that what was sent before the ping has been read.
  send({ type: 'ping' });
  await waitFor(types, 'pong');
});

const connectEventStream: Connect = async (port) => {
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/graphql/stream',
    headers: { accept: 'text/event-stream', ...credentials },
    agent: false,
  });
  sent.end(JSON.stringify({ query }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`The stream was answered ${response.statusCode}.`);
  const subscriber = { protocol: 'sse' as const, numbers: [] as number[], end: undefined as NumberedSubscriber['end'] };
  let rest = '';
  let isComplete = false;
  const finish = (how: string): void => {
    subscriber.end ??= { at: performance.now(), how: isComplete ? `${how} after complete` : how };
  };
  response.setEncoding('latin1');
  response.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    isComplete ||= lines.includes('event: complete');
    for (const line of lines) subscriber.numbers.push(...numbersIn(line));
  });
  response.on('end', () => finish('ended'));
  response.on('error', () => finish('cut'));
  return Object.assign(subscriber, { stop: () => sent.destroy() });
};

export const connects: readonly Connect[] = [connectAppSync, connectStandard, connectEventStream];
