import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** A task of load-tests/api. */
export interface LoadTask {
  readonly boardId: string;
  readonly sequence: number;
  readonly remaining?: number;
}

export interface FakeStarlingOptions {
  /** What the answer to a mutation says; `failed` answers nothing of use. Default: always `appended`. */
  readonly publish?: (task: LoadTask) => 'appended' | 'deferred' | 'failed';
  /** Delivers an event to a subscription, by calling `send` once, later, never or again. Default: once, at once. */
  readonly deliver?: (task: LoadTask, send: () => void) => void;
  /** Told of each subscription of the run, when it has started. */
  readonly onSubscribed?: (socket: WebSocket) => void;
}

export interface FakeStarling {
  /** For `BASE_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Frame {
  readonly type: string;
  readonly id: string;
  readonly payload?: { readonly data?: string; readonly variables?: { readonly boardIds: readonly string[] } };
}

/**
 * A server that the load tests take for one of load-tests/api, in both protocols, and that does wrong what a test wants. What a run tries before it
 * begins is always right.
 */
export async function startFakeStarling(options: FakeStarlingOptions = {}): Promise<FakeStarling> {
  const { publish = () => 'appended', deliver = (_, send) => send(), onSubscribed } = options;
  const subscribers = new Set<(task: LoadTask) => void>();
  const isProbe = (boardId: string): boolean => boardId.includes('-probe');

  async function createTask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { variables } = (await json(request)) as { variables: { task: LoadTask } };
    const { task } = variables;
    const outcome = isProbe(task.boardId) ? 'appended' : publish(task);
    const extensions = outcome === 'deferred' ? { starling: { publish: outcome } } : undefined;
    response.statusCode = outcome === 'failed' ? 503 : 200;
    response.end(JSON.stringify({ data: { createTask: task }, extensions }));
    if (outcome !== 'failed') for (const subscriber of subscribers) subscriber(task);
  }

  const server = createServer((request, response) => void createTask(request, response));
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
  sockets.on('connection', (socket) => {
    const isAppSync = socket.protocol === 'graphql-ws';
    const say = (frame: object): void => socket.send(JSON.stringify(frame));
    socket.on('message', (data: Buffer) => {
      const { type, id, payload } = JSON.parse(data.toString()) as Frame;
      if (type === 'connection_init') say({ type: 'connection_ack' });
      if (type !== 'start' && type !== 'subscribe') return;
      const { variables } = isAppSync ? (JSON.parse(payload!.data!) as NonNullable<Frame['payload']>) : payload!;
      const { boardIds } = variables!;
      const subscriber = (task: LoadTask): void => {
        if (!boardIds.includes(task.boardId)) return;
        const send = (): void =>
          say({ type: isAppSync ? 'data' : 'next', id, payload: { data: { onTaskCreated: task } } });
        if (isProbe(task.boardId)) send();
        else deliver(task, send);
      };
      subscribers.add(subscriber);
      socket.on('close', () => subscribers.delete(subscriber));
      if (isAppSync) say({ type: 'start_ack', id });
      if (!boardIds.some(isProbe)) onSubscribed?.(socket);
    });
  });

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
