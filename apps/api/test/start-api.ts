import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadApiDefinition } from '#libs/api-definition';
import { createMemoryEventLog, Publisher } from '#libs/event-log';
import type { EventLog, LogEntry } from '#libs/event-log';
import { buildExecutableApi, createDataSources, createVerifiers, CurrentApi } from '#libs/execution';
import { createAuthenticator } from '#libs/identity';
import type { Verifier } from '#libs/identity';
import { createLogger, createMetrics, NestLogger } from '#libs/observability';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { collectLog, collectSecret, startDynamoDb } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { ApiModule, corsOptions, createHttpAdapter, defaultHttpOptions } from '../src/index.js';
import type { HttpOptions } from '../src/index.js';

/** The API key of `examples/boards` in tests. */
export const apiKey = 'da2-of-the-boards-test';

export interface ApiOptions {
  /** A folder of `examples/`. Default `boards`, which takes API keys. */
  readonly example?: 'boards' | 'tasks';
  /** A folder of another API, in place of an example. */
  readonly dir?: string;
  /** The user pool of `tasks`. */
  readonly issuer?: TokenIssuer;
  /** Default: those of the example. */
  readonly verifiers?: readonly Verifier[];
  /** What events are appended to. Default: the log that `entries` shows. */
  readonly appendTo?: (log: EventLog) => Pick<EventLog, 'append'>;
  readonly publisher?: ConstructorParameters<typeof Publisher>[1];
  readonly isEvaluationServed?: boolean;
  readonly http?: Partial<HttpOptions>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed; null when it is empty. */
  readonly body: JsonObject | null;
}

type Headed = Readonly<Record<string, string>>;

/** An api that runs, with an event log in memory and a DynamoDB of its own. */
export interface Api {
  /** The address of `/graphql`. */
  readonly url: string;
  /** Records of the log, as JSON lines. */
  readonly records: readonly string[];
  /** Sends an HTTP request as it is. A path is relative to `/graphql`. */
  send(init: RequestInit, path?: string): Promise<Answer>;
  /** Posts an operation as JSON, by default with the API key. */
  ask(query: string, options?: { readonly variables?: JsonObject; readonly headers?: Headed }): Promise<Answer>;
  /** How many requests have been refused for a limit. */
  refusalsOf(limit: string): Promise<number>;
  /** Lines of its metrics that begin so. */
  metrics(name: string): Promise<readonly string[]>;
  /** What the event log has, payloads parsed. */
  entries(): Promise<readonly (Omit<LogEntry, 'payload'> & { readonly payload: JsonValue })[]>;
  stop(): Promise<void>;
}

/** Starts an api on a free port. Stop it, or the test's process stays. */
export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const { example = 'boards', issuer } = options;
  const dir = options.dir ?? fileURLToPath(new URL(`../../../examples/${example}`, import.meta.url));
  await using started = new AsyncDisposableStack();
  const dynamodb = started.adopt(await startDynamoDb(), (it) => it.stop());
  await dynamodb.createTable({ tableName: 'TasksTable', partitionKey: 'id' });

  const definition = await loadApiDefinition(dir, {
    variables: {
      STARLING_API_KEY: apiKey,
      COGNITO_USER_POOL_ID: issuer?.userPoolId ?? 'none',
      COGNITO_CLIENT_ID: 'boards-web',
    },
  });
  const dataSources = createDataSources(definition, {
    dynamodbEndpoint: dynamodb.endpoint,
    dynamodbCredentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  started.defer(async () => {
    for (const dataSource of dataSources.values()) await dataSource.close();
  });
  const eventLog = started.adopt(createMemoryEventLog(), (it) => it.close());
  const beginning = await eventLog.tail();
  const appendTo = options.appendTo?.(eventLog) ?? eventLog;
  const publisher = started.adopt(new Publisher(appendTo, options.publisher), (it) => void it.close());

  const records: string[] = [];
  collectSecret(apiKey);
  const destination = new PassThrough().on('data', (line: Buffer) => {
    records.push(line.toString());
    collectLog('api', line.toString());
  });
  const logger = createLogger({ name: 'api', level: 'trace', destination });
  const verifiers = options.verifiers ?? createVerifiers(definition, { cognitoEndpoint: issuer?.endpoint }).verifiers;
  const metrics = createMetrics();
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.register({
      api: new CurrentApi(buildExecutableApi(definition, { dataSources })),
      publisher,
      authenticator: createAuthenticator(verifiers),
      logger,
      metrics,
      isEvaluationServed: options.isEvaluationServed,
    }),
    createHttpAdapter(metrics, options.http),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true },
  );
  started.adopt(app, (it) => it.close());
  app.enableCors(corsOptions(options.http?.allowedOrigins ?? defaultHttpOptions.allowedOrigins));
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/graphql`;

  const send = async (init: RequestInit, path = ''): Promise<Answer> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? (JSON.parse(text) as JsonObject) : null };
  };
  const running = started.move();
  return {
    url,
    records,
    send,
    ask: (query, { variables, headers = { 'x-api-key': apiKey } } = {}) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      }),
    async metrics(name) {
      return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
    },
    async refusalsOf(limit) {
      const { values } = await metrics.limitRefusals.get();
      return values.find(({ labels }) => labels.limit === limit)?.value ?? 0;
    },
    async entries() {
      const page = await eventLog.page(beginning);
      if (!('entries' in page)) throw new Error(`The log has a gap: ${page.reason}`);
      return page.entries.map(({ entry }) => ({ ...entry, payload: JSON.parse(entry.payload) as JsonValue }));
    },
    stop: () => running.disposeAsync(),
  };
}
