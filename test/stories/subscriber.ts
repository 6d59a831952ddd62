import { setTimeout as sleep } from 'node:timers/promises';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import type { TestClose, TestMessage, TestSocket } from '#libs/testing';

/** A subscription on a connection of its own, in either protocol. */
export interface Subscriber {
  /** The task of the next delivery. */
  next(): Promise<Task>;
  /** The tasks that came so far, whether asked for by `next` or not. */
  all(): readonly Task[];
  /** Waits for the server to end the subscription and close the connection; answers how it told. */
  ended(): Promise<{ readonly types: readonly string[]; readonly close: TestClose }>;
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
  /** What ends a subscription, in order. */
  readonly endings: readonly string[];
  /** Resolves when the subscription is live. */
  subscribe(operation: Operation): Promise<Subscriber>;
}

export const probeTitle = 'Is anybody there?';

const id = 'one';

const appSync: Protocol = {
  name: "AppSync's protocol",
  endings: ['complete', 'error'],
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
  endings: ['complete'],
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

export const protocols: readonly Protocol[] = [appSync, graphqlTransportWs];

function subscriber(client: TestSocket, delivery: string): Subscriber {
  const isDelivery = (message: TestMessage): boolean =>
    message.type === delivery && taskOf(message).title !== probeTitle;
  return {
    next: async () => taskOf(await client.waitForMessage(isDelivery)),
    all: () => client.received.filter(isDelivery).map(taskOf),
    async ended() {
      const close = await client.waitForClose();
      const types = client.received.map(({ type }) => type);
      return { types: types.slice(types.indexOf('complete')), close };
    },
    close: () => client.close(),
  };
}

function taskOf({ payload }: TestMessage): Task {
  const { data, errors } = payload as { data: Readonly<Record<string, Task>>; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0]!;
}
