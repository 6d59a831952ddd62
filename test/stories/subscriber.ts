import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import type { ExecutionResult } from 'graphql-sse';
import { vi } from 'vitest';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import type { TestMessage, TestSocket } from '#libs/testing';

/** A subscription on a connection of its own, in any protocol. */
export interface Subscriber {
  /** The task of the next delivery. */
  next(): Promise<Task>;
  /** The tasks that came so far, whether asked for by `next` or not. */
  all(): readonly Task[];
  /** Waits for the server to end the subscription and close the connection; answers how it told, in order. */
  ended(): Promise<readonly string[]>;
  close(): Promise<unknown>;
}

export type Task = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Publishes a task with `probeTitle` that the subscription gets; subscribers leave it out of what they tell. */
  readonly probe: () => Promise<unknown>;
}

export interface Protocol {
  readonly name: string;
  /** What ends a subscription, in order: messages, and the code of the close where there is one. */
  readonly endings: readonly string[];
  /** Resolves when the subscription is live. */
  subscribe(operation: Operation): Promise<Subscriber>;
}

export const probeTitle = 'Is anybody there?';

const id = 'one';

const appSync: Protocol = {
  name: "AppSync's protocol",
  endings: ['complete', 'error', 'close 1000'],
  async subscribe({ url, credentials, query, variables }) {
    const authorization = { host: new URL(url).host, ...credentials };
    const client = await AppSyncClient.connect({ url, authorization });
    await client.init();
    client.start(id, query, variables, authorization);
    await client.waitForMessage(({ type }) => type === 'start_ack');
    return subscriber(client, 'data');
  },
};

const graphqlTransportWs: Protocol = {
  name: 'graphql-transport-ws',
  endings: ['complete', 'close 1000'],
  async subscribe({ url, credentials, query, variables, probe }) {
    const client = await GraphqlTransportWsClient.connect({ url });
    await client.init(credentials);
    client.start(id, query, variables);
    // The protocol does not acknowledge subscriptions: one is live when it gets something.
    while (!client.received.some(({ type }) => type === 'next')) {
      await probe();
      await sleep(20);
    }
    return subscriber(client, 'next');
  },
};

/** By the official client, which tells when a subscription is live. */
const sse: Protocol = {
  name: 'server-sent events',
  endings: ['complete'],
  async subscribe({ url, credentials, query, variables }) {
    const client = createClient({
      url: url.replace(/^ws/, 'http').replace(/realtime$/, 'stream'),
      headers: credentials,
      retryAttempts: 0,
    });
    const told: string[] = [];
    const tasks: Task[] = [];
    let failure = new Error('Nothing came.');
    const live = Promise.withResolvers<void>();
    const sink = {
      next: (result: ExecutionResult<Record<string, unknown>, unknown>) => {
        const task = taskOf({ type: 'next', payload: result });
        if (task.title !== probeTitle) tasks.push(task);
      },
      error: (error: unknown) => {
        failure = error as Error;
        live.reject(error);
      },
      complete: () => void told.push('complete'),
    };
    client.subscribe({ query, variables }, sink, { connected: () => live.resolve() });
    await live.promise;
    let taken = 0;
    /** Waits until there is something, or what has failed is thrown. */
    const waitFor = <T>(read: () => T | undefined): Promise<T> =>
      vi.waitFor(
        () => {
          const value = read();
          if (value === undefined) throw failure;
          return value;
        },
        { timeout: 5_000, interval: 5 },
      );
    return {
      next: () => waitFor(() => (tasks.length > taken ? tasks[taken++] : undefined)),
      all: () => tasks,
      ended: () => waitFor(() => (told.length > 0 ? told : undefined)),
      close: async () => client.dispose(),
    };
  },
};

export const protocols: readonly Protocol[] = [appSync, graphqlTransportWs, sse];

function subscriber(client: TestSocket, delivery: string): Subscriber {
  const isDelivery = (message: TestMessage): boolean =>
    message.type === delivery && taskOf(message).title !== probeTitle;
  return {
    next: async () => taskOf(await client.waitForMessage(isDelivery)),
    all: () => client.received.filter(isDelivery).map(taskOf),
    async ended() {
      const close = await client.waitForClose();
      const types = client.received.map(({ type }) => type);
      return [...types.slice(types.indexOf('complete')), `close ${close.code}`];
    },
    close: () => client.close(),
  };
}

function taskOf({ payload }: TestMessage): Task {
  const { data, errors } = payload as { data: Readonly<Record<string, Task>>; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0]!;
}
