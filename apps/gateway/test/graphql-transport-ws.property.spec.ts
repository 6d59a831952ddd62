import fc from 'fast-check';
import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs } from 'graphql';
import { CloseCode, makeServer } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { createLogger, createMetrics } from '#libs/observability';
import { closes, libraryCloses } from '#libs/protocol';
import type { CloseName, JsonValue } from '#libs/protocol';
import type { ConnectionSocket } from '../src/connection/connection-socket.js';
import type { Handshake } from '../src/connection/connection.js';
import { TimerWheel } from '../src/connection/timer-wheel.js';
import type { DeliveryTarget } from '../src/connection/held-deliveries.js';
import { GraphqlTransportWsConnection } from '../src/connection/graphql-transport-ws/graphql-transport-ws-connection.js';
import type { PayloadText } from '../src/fanout/payload-text.js';
import { payloadText } from '../src/fanout/payload-text.js';
import type { GatewayOptions } from '../src/gateway-options.js';
import { SubscriptionRefused } from '../src/subscription/start-subscription.js';
import type { SubscriptionSink } from '../src/subscription/subscription.js';

/** What a server does that a client can see. */
type Seen = JsonValue | { readonly close: number; readonly reason?: string };

/** A server of the protocol, with the outcome of each resolver in the test's hand. */
interface Server {
  readonly seen: Seen[];
  receive(text: string): void;
  /** The resolver of the oldest start of the id that waits. */
  settle(id: string, isRefused: boolean): void;
  publish(id: string, result: JsonValue): void;
  invalidate(id: string): void;
  leave(): void;
}

/** The resolvers that wait, by the id that their document names. */
class Resolvers {
  private readonly waiting = new Map<string, PromiseWithResolvers<string>[]>();

  run(query: string): Promise<string> {
    const start = Promise.withResolvers<string>();
    this.waiting.set(query, [...(this.waiting.get(query) ?? []), start]);
    return start.promise;
  }

  settle(id: string, isRefused: boolean): void {
    const start = this.waiting.get(id)?.shift();
    if (isRefused) start?.reject(new SubscriptionRefused('resolver', [{ message: 'Refused.' }]));
    else start?.resolve(id);
  }
}

function ours(): Server {
  const seen: Seen[] = [];
  const resolvers = new Resolvers();
  const sinks = new Map<string, SubscriptionSink>();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const timers = new TimerWheel({ onFailure: vi.fn() });
  let isOpen = true;
  const socket = {
    get isOpen() {
      return isOpen;
    },
    use: vi.fn(),
    send: (text: string) => void (isOpen && seen.push(JSON.parse(text) as JsonValue)),
    deliver: ({ head }: DeliveryTarget, { text }: PayloadText) =>
      void (isOpen && seen.push(JSON.parse(`${head}${text}}`) as JsonValue)),
    releaseHeld: vi.fn(),
    forget: vi.fn(),
    close(name: CloseName, reason?: string) {
      if (!isOpen) return;
      isOpen = false;
      const code = name in closes ? closes[name as keyof typeof closes].code : libraryCloses[name as 'SECOND_INIT'];
      seen.push({ close: code, reason: reason ?? closes[name as keyof typeof closes].reason });
    },
  };
  const connection = new GraphqlTransportWsConnection(
    {
      authenticator: { authenticate: () => Promise.resolve(identity) },
      startSubscription: { start: ({ query }) => resolvers.run(query) as never },
      subscriptions: {
        add(accepted: string, sink: SubscriptionSink) {
          sinks.set(accepted, sink);
          return accepted;
        },
        remove: (accepted: string) => sinks.delete(accepted),
      } as never,
      connections: { add: vi.fn(), remove: vi.fn() } as never,
      timers,
      outbox: undefined as never,
      options: {
        connectionInitTimeoutMs: 1e9,
        maxConnectionAgeMs: 0,
        idleTimeoutMs: 0,
        maxSubscriptionsPerConnection: 1_000,
        onTokenExpiry: { graphqlTransportWs: 'keep', appSync: 'keep' },
      } as GatewayOptions,
      metrics: createMetrics(),
      logger,
    },
    {
      socket: socket as unknown as ConnectionSocket,
      place: { sourceIp: [], identified: vi.fn() } as unknown as Handshake['place'],
      headers: {},
      graphqlPath: '/graphql',
    },
  );
  timers.stop();
  return {
    seen,
    receive: (text) => void (isOpen && connection.receive(text, false)),
    settle: (id, isRefused) => resolvers.settle(id, isRefused),
    publish: (id, result) => sinks.get(id)?.deliver(payloadText(JSON.stringify(result))),
    invalidate(id) {
      sinks.get(id)?.invalidate();
    },
    leave() {
      if (!isOpen) return;
      isOpen = false;
      connection.closed();
    },
  };
}

const identity = { mode: 'API_KEY', subject: null, expiresAtMs: null, context: null, groups: [] } as never;

/** Events of a subscription as the library wants them: an iterator, which it awaits. */
class Events implements AsyncGenerator<JsonValue, void, void> {
  private readonly results: (JsonValue | undefined)[] = [];
  private wake = (): void => undefined;
  private isOver = false;

  push(result: JsonValue | undefined): void {
    if (this.isOver) return;
    this.results.push(result);
    this.wake();
  }

  async next(): Promise<IteratorResult<JsonValue, void>> {
    while (this.results.length === 0 && !this.isOver) await new Promise<void>((resolve) => (this.wake = resolve));
    const value = this.results.shift();
    return value === undefined || this.isOver ? { done: true, value: undefined } : { done: false, value };
  }

  return(): Promise<IteratorResult<JsonValue, void>> {
    this.isOver = true;
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(): Promise<IteratorResult<JsonValue, void>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** The library, used as its documentation shows. */
function library(): Server {
  const seen: Seen[] = [];
  const resolvers = new Resolvers();
  const live = new Map<string, Events>();
  let isOpen = true;
  let receive = (_text: string): Promise<void> => Promise.resolve();
  const close = (code?: number, reason?: string): void => {
    if (isOpen) seen.push({ close: code!, reason });
    isOpen = false;
  };
  const server = makeServer({
    connectionInitWaitTimeout: 0,
    onSubscribe: async (_context, _id, { query }) => {
      try {
        const id = await resolvers.run(query);
        const events = new Events();
        live.set(id, events);
        return { schema: undefined as never, document: parse('subscription { a }'), contextValue: events };
      } catch (error) {
        return [new GraphQLError((error as Error).message)];
      }
    },
    subscribe: ({ contextValue }: ExecutionArgs) => contextValue as never,
  });
  const closed = server.opened(
    {
      protocol: 'graphql-transport-ws',
      send: (text) => void (isOpen && seen.push(JSON.parse(text) as JsonValue)),
      close,
      onMessage: (listener) => void (receive = listener),
    },
    undefined,
  );
  return {
    seen,
    // What it throws, for messages that only servers send, its user is to close for.
    receive: (text) => {
      if (isOpen) receive(text).catch(() => close(CloseCode.BadRequest, 'Invalid message received'));
    },
    settle: (id, isRefused) => resolvers.settle(id, isRefused),
    publish: (id, result) => live.get(id)?.push(result),
    invalidate: (id) => live.get(id)?.push(undefined),
    leave() {
      isOpen = false;
      void closed(1000, '');
    },
  };
}

type Command = (server: Server) => void;

/** Names that objects have among them. */
const ids = ['a', 'b', 'c', 'constructor', '__proto__'];
const id = fc.constantFrom(...ids);
const message = (value: unknown) => (server: Server) => server.receive(JSON.stringify(value));

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly run: Command;
}

const aboutId = (name: string, command: (id: string) => Command): fc.Arbitrary<Step> =>
  id.map((it) => ({ name, id: it, run: command(it) }));

/** What breaks the protocol ends the connection, so it is rare. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: aboutId('subscribe', (it) => subscribe(it)) },
  { weight: 1, arbitrary: aboutId('subscribe again', (it) => subscribe(it)) },
  { weight: 20, arbitrary: aboutId('accept', (it) => (to) => to.settle(it, false)) },
  { weight: 4, arbitrary: aboutId('refuse', (it) => (to) => to.settle(it, true)) },
  {
    weight: 20,
    arbitrary: fc.tuple(id, fc.jsonValue()).map(([it, value]) => ({
      name: 'publish',
      id: it,
      run: (to: Server) => to.publish(it, { data: value as never }),
    })),
  },
  { weight: 6, arbitrary: aboutId('complete', (it) => message({ id: it, type: 'complete' })) },
  {
    weight: 4,
    arbitrary: fc
      .option(fc.dictionary(fc.constantFrom('n', 'm'), fc.jsonValue()))
      .map((payload) => ({ name: 'ping', run: message({ type: 'ping', payload }) })),
  },
  { weight: 2, arbitrary: fc.constant({ name: 'pong', run: message({ type: 'pong' }) }) },
  { weight: 1, arbitrary: fc.constant({ name: 'init', run: message({ type: 'connection_init' }) }) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.string(),
        fc.json(),
        fc.constantFrom('{"type":"subscribe"}', '{"type":"complete"}', '{"type":"start"}', '{"type":"connection_ack"}'),
        fc.constant('{"id":"a","type":"next","payload":{"data":null}}'),
      )
      .map((text) => ({ name: `text ${text}`, run: (to: Server) => to.receive(text) })),
  },
);

function subscribe(it: string): Command {
  return message({ id: it, type: 'subscribe', payload: { query: it } });
}

const mostly = fc.integer({ min: 0, max: 19 }).map((n) => n > 0);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the state machine of graphql-transport-ws', () => {
  it('should say what that of the graphql-ws library says, whatever comes', async () => {
    const types = new Map<unknown, number>();
    await fc.assert(
      fc.asyncProperty(mostly, fc.array(steps, { maxLength: 60, size: 'max' }), async (beginsWithInit, sequence) => {
        const [one, other] = [ours(), library()];
        if (beginsWithInit) for (const server of [one, other]) message({ type: 'connection_init' })(server);
        await turn();
        const known = new Map<string, 'starting' | 'withdrawn' | 'live'>();
        for (const { name, id: about = '', run } of sequence) {
          const state = known.get(about);
          if (name === 'subscribe' && state) continue;
          // Completed while its resolver runs, and started again: the library does not tell the two apart, and keeps whichever
          // ends last; lifecycle.e2e-spec.ts has what is right.
          if (name === 'subscribe again' && (!state || state === 'withdrawn')) continue;
          if (name === 'subscribe') known.set(about, 'starting');
          if (name === 'accept' && state === 'starting') known.set(about, 'live');
          if (name === 'complete' && state === 'starting') known.set(about, 'withdrawn');
          const isOver =
            name === 'refuse'
              ? state !== 'live'
              : name === 'complete'
                ? state === 'live'
                : name === 'accept' && state === 'withdrawn';
          if (isOver) known.delete(about);
          for (const server of [one, other]) run(server);
          await turn();
          expect(one.seen).toEqual(other.seen);
        }
        for (const server of [one, other]) server.leave();
        for (const about of ids) for (const server of [one, other]) server.settle(about, false);
        await turn();
        expect(one.seen).toEqual(other.seen);
        for (const { type = 'close' } of one.seen as { type?: string }[]) types.set(type, (types.get(type) ?? 0) + 1);
      }),
      { numRuns: 400 },
    );
    // The sequences reach everything that the server says by itself.
    expect([...types.keys()].sort()).toEqual(['close', 'connection_ack', 'error', 'next', 'pong']);
    expect(types.get('next')).toBeGreaterThan(100);
  });

  it('should end a subscription that an invalidation matches as the library does, and then the connection', async () => {
    const [one, other] = [ours(), library()];
    for (const server of [one, other]) {
      message({ type: 'connection_init' })(server);
      await turn();
      for (const about of ['a', 'b']) subscribe(about)(server);
      await turn();
      for (const about of ['a', 'b']) server.settle(about, false);
      await turn();
      for (const about of ['a', 'b']) {
        server.invalidate(about);
        await turn();
      }
    }
    expect(one.seen.slice(0, -1)).toEqual(other.seen);
    expect(one.seen.at(-1)).toEqual({ close: 1000, reason: 'Subscriptions invalidated' });
  });
});
