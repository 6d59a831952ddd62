import { setTimeout as sleep } from 'node:timers/promises';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import type { TestMessage, TestSocket } from '#libs/testing';
import { connectToSign } from './caller.js';
import type { Caller, Headers } from './caller.js';
import { openEventStream } from './event-stream.js';
import type { EventStream, Result } from './event-stream.js';

/** What a subscription was answered with: that it is live, or its errors, and in AppSync's protocol the null of its field. */
export type StartAnswer = 'live' | { readonly errors: unknown; readonly data?: unknown };

/** A connection that was let in. */
export interface Line {
  /**
   * Starts a subscription. `probe` publishes something that it delivers: where the protocol acknowledges nothing, a delivery is the
   * only sign that it is live.
   */
  start(id: string, query: string, probe: () => Promise<unknown>): Promise<StartAnswer>;
  /** The payload of the next delivery. */
  delivery(id: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** One of the protocols. */
export interface Protocol {
  readonly name: string;
  /** True where a refusal has the null of its field beside the errors. */
  readonly tellsData: boolean;
  connect(url: string, caller: Caller): Promise<Line>;
}

/** Every subscription has credentials of its own. */
const appSync: Protocol = {
  name: "AppSync's protocol",
  tellsData: true,
  async connect(url, caller) {
    const client = await AppSyncClient.connect({ url, authorization: await caller.headersFor(connectToSign) });
    await client.init();
    return {
      async start(id, query, probe) {
        client.send(await startMessage(id, query, caller));
        const { type, payload } = await client.waitForMessage((message) => message.id === id);
        if (type !== 'start_ack') return payload as StartAnswer;
        await probe();
        return 'live';
      },
      delivery: (id) => deliveryOf(client, 'data', id),
      close: () => client.close(),
    };
  },
};

/** Every subscription has those of the connection. */
const graphqlTransportWs: Protocol = {
  name: 'graphql-transport-ws',
  tellsData: false,
  async connect(url, caller) {
    const client = await GraphqlTransportWsClient.connect({ url });
    await client.init(await caller.headersFor(connectToSign));
    return {
      async start(id, query, probe) {
        client.start(id, query);
        const answer = (): TestMessage | undefined => client.received.find((message) => message.id === id);
        while (!answer()) {
          await probe();
          await sleep(20);
        }
        const { type, payload } = answer()!;
        return type === 'error' ? { errors: payload } : 'live';
      },
      delivery: (id) => deliveryOf(client, 'next', id),
      close: () => client.close(),
    };
  },
};

/** Every subscription is a request of its own, with credentials of its own. */
const sse: Protocol = {
  name: 'server-sent events',
  tellsData: true,
  async connect(url, caller) {
    const streams = new Map<string, EventStream>();
    const streamUrl = url.replace(/^ws/, 'http').replace(/realtime$/, 'stream');
    return {
      async start(id, query, probe) {
        const body = JSON.stringify({ query });
        const stream = await openEventStream(
          streamUrl,
          await caller.headersFor({ path: '/graphql/stream', body }),
          body,
        );
        streams.set(id, stream);
        await probe();
        const first = await stream.first();
        return isRefusal(first) ? (first as StartAnswer) : 'live';
      },
      delivery: (id) => streams.get(id)!.next(),
      close: async () => {
        for (const stream of streams.values()) stream.close();
      },
    };
  },
};

/** Of a delivery nothing but fields below its own can be denied. */
function isRefusal({ errors = [] }: Result): boolean {
  return errors.some(({ path }) => !path || path.length < 2);
}

export const protocols: readonly Protocol[] = [appSync, graphqlTransportWs, sse];

/** A `start` of AppSync's protocol with the credentials of a caller. `more` are further headers, which win over the caller's. */
export async function startMessage(id: string, query: string, caller: Caller, more: Headers = {}): Promise<object> {
  const data = JSON.stringify({ query });
  const authorization = { ...(await caller.headersFor({ path: '/graphql', body: data })), ...more };
  return { id, type: 'start', payload: { data, extensions: { authorization } } };
}

async function deliveryOf(client: TestSocket, type: string, id: string): Promise<unknown> {
  return (await client.waitForMessage((message) => message.type === type && message.id === id)).payload;
}
