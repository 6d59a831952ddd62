import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClientOptions, Variables } from './adapters/adapter.js';
import type { Command, Start } from './client-process.js';
import type { ClientKind } from './clients.js';
import { Happenings } from './happenings.js';
import type { Happening } from './happenings.js';

export type Task = Readonly<Record<string, unknown>>;

/** One application with one client: what the stories tell of. */
export interface StoryClient {
  /** The `data` of the answer. Rejects with its errors. */
  query(document: string, variables?: Variables): Promise<unknown>;
  mutate(document: string, variables?: Variables): Promise<unknown>;
  /** Resolves when the subscription is live. */
  subscribe(options: SubscribeOptions): Promise<StorySubscription>;
  stop(): Promise<void>;
}

export interface SubscribeOptions {
  readonly document: string;
  readonly variables?: Variables;
  /** Publishes a task with `probeTitle` that the subscription gets. Such tasks are left out of what the stories see. */
  readonly probe: () => Promise<unknown>;
}

export interface StorySubscription {
  /** The task of the next delivery. */
  next(): Promise<Task>;
  /** The tasks that came so far, whether asked for by `next` or not. */
  all(): readonly Task[];
  /** Waits until the application is told that the subscription is over; answers in which words. */
  ended(timeoutMs?: number): Promise<Ending>;
  hasEnded(): boolean;
  /** Publishes probes until one more is delivered. */
  live(): Promise<void>;
  unsubscribe(): void;
}

export interface Ending {
  readonly how: 'error' | 'complete';
  /** Of an error. */
  readonly message?: string;
}

export const probeTitle = 'Is anybody there?';

/** Longest time for a subscription to become live, in milliseconds. Amplify comes back five seconds after a disruption. */
const liveTimeoutMs = 30_000;
/** Between two probes, in milliseconds. */
const probeIntervalMs = 100;

export interface StoryClientOptions extends ClientOptions {
  /** File of the authority that the server's certificate is from. */
  readonly ca: string;
}

/** Starts a client in its own process. Stop it, or its process stays. */
export function startStoryClient(kind: ClientKind, { ca, ...options }: StoryClientOptions): StoryClient {
  const start: Start = { module: kind.module, connect: kind.connect, options };
  const script = fileURLToPath(new URL('client-process.ts', import.meta.url));
  // Clients that were made for browsers look for localStorage, which Node has behind a flag, and warns of.
  const args = ['--disable-warning=ExperimentalWarning', script, JSON.stringify(start)];
  const child = spawn(process.execPath, args, {
    env: { NODE_EXTRA_CA_CERTS: ca },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A client that has ended is missed where something is waited for.
  child.stdin.on('error', () => undefined);
  const happenings = new Happenings();
  const closed = once(child, 'close').then(() => happenings.end());
  createInterface({ input: child.stdout }).on('line', (line) => happenings.add(JSON.parse(line) as Happening));
  const send = (command: Command): void => void child.stdin.write(`${JSON.stringify(command)}\n`);
  let count = 0;

  async function ask(command: 'query' | 'mutate', document: string, variables: Variables = {}): Promise<unknown> {
    const request = (count += 1);
    send({ command, request, document, variables });
    const { data, errors } = (await happenings.waitFor((all) =>
      all.find((it) => it.event === 'answer' && it.request === request),
    )) as Extract<Happening, { event: 'answer' }>;
    if (errors?.length) throw new Error(JSON.stringify(errors));
    return data;
  }

  return {
    query: (document, variables) => ask('query', document, variables),
    mutate: (document, variables) => ask('mutate', document, variables),
    async subscribe({ document, variables = {}, probe }) {
      const subscription = (count += 1);
      send({ command: 'subscribe', subscription, document, variables });
      const followed = followSubscription(happenings, subscription, probe, () =>
        send({ command: 'unsubscribe', subscription }),
      );
      await followed.live();
      return followed;
    },
    async stop() {
      child.kill();
      await closed;
    },
  };
}

function followSubscription(
  happenings: Happenings,
  subscription: number,
  probe: () => Promise<unknown>,
  unsubscribe: () => void,
): StorySubscription {
  let asked = 0;
  const deliveries = (all: readonly Happening[]): Task[] =>
    all.flatMap((it) => (it.event === 'delivery' && it.subscription === subscription ? [taskOf(it.data)] : []));
  const tasks = (all: readonly Happening[]): Task[] => deliveries(all).filter(({ title }) => title !== probeTitle);
  const ending = (all: readonly Happening[]): Ending | undefined => {
    const end = all.find((it) => (it.event === 'error' || it.event === 'complete') && it.subscription === subscription);
    if (end?.event === 'error') return { how: 'error', message: end.message };
    return end && { how: 'complete' };
  };
  return {
    async next() {
      const index = asked++;
      return happenings.waitFor((all) => tasks(all)[index]);
    },
    all: () => tasks(happenings.all),
    ended: (timeoutMs) => happenings.waitFor(ending, timeoutMs),
    hasEnded: () => ending(happenings.all) !== undefined,
    async live() {
      const before = deliveries(happenings.all).length;
      const deadline = Date.now() + liveTimeoutMs;
      while (deliveries(happenings.all).length === before) {
        const end = ending(happenings.all);
        if (end) throw new Error(`The subscription has ended: ${JSON.stringify(end)}`);
        if (Date.now() > deadline) throw new Error(`Nothing was delivered: ${happenings.describe()}`);
        await probe();
        await sleep(probeIntervalMs);
      }
    },
    unsubscribe,
  };
}

/** The one field of a delivery's data. Apollo asks for `__typename` as well, which is not the stories'. */
function taskOf(data: unknown): Task {
  const field = Object.values(data as Record<string, Task>).find((value) => typeof value === 'object')!;
  return Object.fromEntries(Object.entries(field).filter(([name]) => name !== '__typename'));
}
