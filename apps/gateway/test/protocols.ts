import { expect, vi } from 'vitest';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import type { TestClose, TestMessage, TestSocket } from '#libs/testing';
import type { TestGateway } from './start-gateway.js';

/** Credentials by header name, of either protocol. */
export type Credentials = Readonly<Record<string, string>>;

export type Variables = Readonly<Record<string, unknown>>;

/** An error in a refusal, with the members either protocol tells. */
export interface ToldError {
  readonly message: string;
  readonly errorType?: string | null;
  readonly errorCode?: number;
  readonly path?: readonly (string | number)[] | null;
}

/** A connection that is acknowledged, of either protocol, for stories that are the same in both. */
export interface Subscriber {
  readonly socket: TestSocket;
  /** Sends the start of a subscription; does not wait. */
  start(id: string, query: string, variables?: Variables): void;
  /** Starts a subscription and resolves when the gateway has registered it. */
  subscribe(id: string, query: string, variables?: Variables): Promise<void>;
  /** Starts what the gateway is expected to refuse; resolves with the errors that the client is told. */
  refusalOf(id: string, query: string, variables?: Variables): Promise<readonly ToldError[]>;
  /** Resolves with the errors that end a subscription which was started. */
  endOf(id: string): Promise<readonly ToldError[]>;
  /** The next delivery of a subscription. */
  delivery(id: string): Promise<{
    readonly data: Record<string, unknown> | null;
    readonly errors?: unknown;
    readonly extensions?: { readonly starling?: { readonly superseded?: number } };
  }>;
  /** Ends a subscription and resolves when the gateway has let it go. */
  stop(id: string): Promise<void>;
  /** The messages about an id, oldest first, types only. */
  typesOf(id: string): readonly string[];
  waitForClose(): Promise<TestClose>;
}

export interface Protocol {
  readonly name: string;
  readonly connect: (gateway: TestGateway, credentials: Credentials) => Promise<Subscriber>;
}

/** Resolves when the gateway has so many subscriptions: what stands for an acknowledgement where the protocol has none. */
function registered(gateway: TestGateway, count: number): Promise<void> {
  return vi.waitFor(() => expect(gateway.subscriptionCount).toBeGreaterThanOrEqual(count), {
    timeout: 5_000,
    interval: 1,
  });
}

type Payload = Awaited<ReturnType<Subscriber['delivery']>>;

function subscriberOf(
  socket: TestSocket,
  deliveryType: string,
  verbs: Pick<Subscriber, 'start' | 'subscribe' | 'stop'>,
  errorsOf: (message: TestMessage) => readonly ToldError[],
): Subscriber {
  const endOf = async (id: string): Promise<readonly ToldError[]> =>
    errorsOf(await socket.waitForMessage((message) => message.id === id && message.type === 'error'));
  return {
    socket,
    ...verbs,
    endOf,
    refusalOf(id, query, variables) {
      verbs.start(id, query, variables);
      return endOf(id);
    },
    async delivery(id) {
      const message = await socket.waitForMessage((one) => one.id === id && one.type === deliveryType);
      return message.payload as Payload;
    },
    typesOf: (id) => socket.received.filter((message) => message.id === id).map(({ type }) => type),
    waitForClose: () => socket.waitForClose(),
  };
}

export const appSync: Protocol = {
  name: 'graphql-ws (AppSync)',
  async connect({ url }, credentials) {
    const authorization = { host: new URL(url).host, ...credentials };
    const client = await AppSyncClient.connect({ url, authorization });
    await client.init();
    const start: Subscriber['start'] = (id, query, variables) => client.start(id, query, variables, authorization);
    const verbs = {
      start,
      async subscribe(id: string, query: string, variables?: Variables) {
        start(id, query, variables);
        await client.waitForMessage((message) => message.id === id && message.type === 'start_ack');
      },
      async stop(id: string) {
        client.stop(id);
        await client.waitForMessage((message) => message.id === id && message.type === 'complete');
      },
    };
    return subscriberOf(client, 'data', verbs, ({ payload }) => (payload as { errors: readonly ToldError[] }).errors);
  },
};

export const graphqlTransportWs: Protocol = {
  name: 'graphql-transport-ws',
  async connect(gateway, credentials) {
    const client = await GraphqlTransportWsClient.connect(gateway);
    await client.init(credentials);
    const verbs = {
      start: (id: string, query: string, variables?: Variables) => client.start(id, query, variables),
      async subscribe(id: string, query: string, variables?: Variables) {
        const wanted = gateway.subscriptionCount + 1;
        client.start(id, query, variables);
        await registered(gateway, wanted);
      },
      async stop(id: string) {
        client.stop(id);
        // The protocol does not answer; a pong tells that what was sent before the ping has been handled.
        client.send({ type: 'ping' });
        await client.waitForMessage(({ type }) => type === 'pong');
      },
    };
    return subscriberOf(client, 'next', verbs, ({ payload }) => payload as readonly ToldError[]);
  },
};

export const protocols: readonly Protocol[] = [appSync, graphqlTransportWs];
