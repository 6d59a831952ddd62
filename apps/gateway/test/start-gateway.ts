import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadApiDefinition } from '#libs/api-definition';
import { gatewaySettings, loadSettings } from '#libs/config';
import { createMemoryEventLog } from '#libs/event-log';
import type { LogEntry } from '#libs/event-log';
import { buildExecutableApi, createDataSources, createVerifiers, CurrentApi } from '#libs/execution';
import { createAuthenticator } from '#libs/identity';
import type { Authenticator } from '#libs/identity';
import type { DrainReport } from '#libs/launch';
import { createLogger, createMetrics, NestLogger } from '#libs/observability';
import { collectLog, collectSecret, startTokenIssuer } from '#libs/testing';
import type { TokenIssuer, TokenSubject } from '#libs/testing';
import { ConnectionRegistry } from '../src/connection/connection-registry.js';
import { Drain } from '../src/drain/drain.js';
import { gatewayOptions } from '../src/gateway-options.js';
import type { GatewayOptions } from '../src/gateway-options.js';
import { createHttpAdapter } from '../src/http/create-http-adapter.js';
import type { HandshakeLimits } from '../src/http/create-http-adapter.js';
import { EventStreamServer, GatewayModule, RealtimeServer } from '../src/index.js';
import { SubscriptionRegistry } from '../src/subscription/subscription-registry.js';
import { HeldResolvers } from './held-resolvers.js';

/** The key of definitions that take `${STARLING_API_KEY}`. */
export const apiKey = 'da2-abcdefghijklmnopqrstuvwxyz';

export interface TestGatewayOptions extends Partial<GatewayOptions>, Partial<HandshakeLimits> {
  /** A folder of `examples/`, or the files of a definition by path. */
  readonly api: string | Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
  /** Who a request is. Default: what the definition says. */
  readonly authenticator?: Authenticator;
}

/** A gateway on a free port, with an event log in memory and a token issuer in place of a user pool. */
export interface TestGateway {
  /** `ws://127.0.0.1:<port>/graphql/realtime`. */
  readonly url: string;
  readonly port: number;
  readonly issuer: TokenIssuer;
  /** An ID token; credentials of either protocol. */
  authorization(subject: TokenSubject): Promise<{ readonly Authorization: string }>;
  /** Appends an event, as a mutation would. Resolves when the log has it. */
  publish(mutation: string, payload: unknown): Promise<void>;
  /** Appends an invalidation, as `invalidateSubscriptions` in a mutation would. */
  invalidate(subscriptionField: string, payload: unknown): Promise<void>;
  /** Appends an entry as it is. */
  append(entry: LogEntry): Promise<void>;
  /** Serves another definition from here on, as a process does whose folder has changed. */
  redefine(files: Readonly<Record<string, string>>): Promise<void>;
  /** Has the subscriptions looked at again whose access keys may have been withdrawn. */
  changeAccess(): void;
  /** Subscriptions whose resolver has a data source wait in it from now on, until they are released. */
  hold(): HeldResolvers;
  readonly connectionCount: number;
  readonly subscriptionCount: number;
  /** How often something was refused or closed, by the name that counts it. */
  count(
    counter: 'limitRefusals' | 'authRefusals' | 'closes' | 'handshakeRefusals' | 'subscriptionStarts',
    name: string,
  ): Promise<number>;
  /** Lines of its metrics that begin so. */
  metrics(name: string): Promise<readonly string[]>;
  /** Everything the gateway has logged, at any level. */
  readonly logged: string;
  /** Sends every client away over a time, as a process does before it stops. Its server still listens. */
  drain(overMs: number): Promise<DrainReport>;
  /** Stops it as a process would, and fails if any credential stands in its log. May be called twice. */
  stop(): Promise<void>;
}

/** What must never be logged: the key of the tests, and whatever begins like a JSON Web Token, encoded once more or not. */
const credentials = new RegExp(`${apiKey}|eyJ[\\w-]{8,}|ZXlK[\\w-]{8,}`);

/** Options as they are by default: no timer runs out while a test does, unless the test asks for it. */
const defaults: GatewayOptions = gatewayOptions(
  loadSettings(gatewaySettings, { STARLING_API: 'api', REDIS_URL: 'redis://localhost' }),
);

export async function startGateway({
  api,
  port: wantedPort = 0,
  authenticator,
  headersTimeoutMs = 10_000,
  maxHeaderBytes = 16_384,
  ...options
}: TestGatewayOptions): Promise<TestGateway> {
  await using started = new AsyncDisposableStack();
  const issuer = started.adopt(await startTokenIssuer(), (it) => it.stop());
  const folder = await definitionFolder(api, started);
  const variables = {
    COGNITO_USER_POOL_ID: issuer.userPoolId,
    COGNITO_CLIENT_ID: 'boards-web',
    STARLING_API_KEY: apiKey,
  };
  const definition = await loadApiDefinition(folder, { variables });
  const held = new HeldResolvers();
  const dataSources = new Map(
    [...createDataSources(definition, {})].map(([name, dataSource]) => [name, held.guard(dataSource)]),
  );
  started.defer(async () => {
    for (const dataSource of dataSources.values()) await dataSource.close();
  });
  const current = new CurrentApi(buildExecutableApi(definition, { dataSources }));
  const eventLog = started.adopt(createMemoryEventLog(), (it) => it.close());
  collectSecret(apiKey);
  let logged = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged += chunk.toString();
      collectLog('gateway', chunk.toString());
      done();
    },
  });
  const logger = createLogger({ name: 'gateway', level: 'trace', destination });
  const metrics = createMetrics();
  const app = started.adopt(
    await NestFactory.create<NestFastifyApplication>(
      GatewayModule.register({
        api: current,
        eventLog,
        authenticator:
          authenticator ??
          createAuthenticator(createVerifiers(definition, { cognitoEndpoint: issuer.endpoint }).verifiers),
        logger,
        metrics,
        options: { ...defaults, ...options },
      }),
      createHttpAdapter({ headersTimeoutMs, maxHeaderBytes }, metrics),
      // As the processes do; without it the HTTP server would wait for clients that do not leave.
      { logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true },
    ),
    (it) => it.close(),
  );
  app.get(RealtimeServer).attach(app.getHttpServer());
  app.get(EventStreamServer).attach(app.getHttpAdapter().getInstance());
  await app.listen(wantedPort, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;

  let sequence = 0;
  const append = async (entry: LogEntry): Promise<void> => {
    await eventLog.append([{ entry, producer: 'test', sequence: (sequence += 1) }]);
  };
  const running = started.move();
  return {
    url: `ws://127.0.0.1:${port}/graphql/realtime`,
    port,
    issuer,
    authorization: async (subject) => ({ Authorization: await issuer.idToken(subject) }),
    publish: (mutation, payload) => append({ kind: 'event', mutation, payload: JSON.stringify(payload) }),
    invalidate: (subscriptionField, payload) =>
      append({ kind: 'invalidation', subscriptionField, payload: JSON.stringify(payload) }),
    append,
    async redefine(files) {
      const next = await loadApiDefinition(await definitionFolder(files, running), { variables });
      current.replace(buildExecutableApi(next, { dataSources }));
    },
    changeAccess: () => current.accessChanged(),
    hold() {
      held.isHolding = true;
      return held;
    },
    get connectionCount() {
      return app.get(ConnectionRegistry).count;
    },
    get subscriptionCount() {
      return app.get(SubscriptionRegistry).count;
    },
    async count(counter, name) {
      const { values } = await metrics[counter].get();
      return values.find(({ labels }) => Object.values(labels).includes(name))?.value ?? 0;
    },
    async metrics(name) {
      return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
    },
    get logged() {
      return logged;
    },
    drain: (overMs) => app.get(Drain).run(overMs),
    async stop() {
      await running.disposeAsync();
      const [credential] = credentials.exec(logged) ?? [];
      if (credential) throw new Error(`A credential stands in the log: ${credential.slice(0, 12)}…`);
    },
  };
}

async function definitionFolder(api: TestGatewayOptions['api'], started: AsyncDisposableStack): Promise<string> {
  if (typeof api === 'string') return fileURLToPath(new URL(`../../../examples/${api}`, import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'starling-gateway-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(api)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
