import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** What a proxy does to the fifth delivery of the first connection that gets so many. */
export type Fault = 'drop' | 'repeat' | 'swap';

/** The delivery that it happens to: events come before it and after it. */
const faultyDelivery = 5;

export interface FaultyProxy {
  readonly url: string;
  /** How often it has done it. */
  readonly faults: () => number;
  stop(): Promise<void>;
}

/** A proxy for WebSockets that does one thing wrong, once. */
export async function startFaultyProxy(target: string, fault: Fault): Promise<FaultyProxy> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
  let faults = 0;

  sockets.on('connection', (client, request) => {
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
    const upstream = new WebSocket(target, offered);
    const early: string[] = [];
    let deliveries = 0;
    let held: string | undefined;
    client.on('message', (data: Buffer) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(data.toString());
      else early.push(data.toString());
    });
    upstream.on('open', () => early.splice(0).forEach((text) => upstream.send(text)));
    upstream.on('message', (data: Buffer) => {
      const text = data.toString();
      if (!/"type":"(?:next|data)"/.test(text)) {
        client.send(text);
        return;
      }
      deliveries += 1;
      if (faults === 0 && deliveries === faultyDelivery) {
        faults += 1;
        if (fault === 'swap') held = text;
        if (fault === 'repeat') client.send(text);
        if (fault !== 'repeat') return;
      }
      client.send(text);
      if (held !== undefined) client.send(held);
      held = undefined;
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('close', () => to.close());
      from.on('error', () => to.terminate());
    }
  });

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/realtime`,
    faults: () => faults,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await once(server.close(), 'close');
    },
  };
}
