import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import {
  executeGraphql,
  freePorts,
  GraphqlTransportWsClient,
  postGraphql,
  startPrometheus,
  startProgram,
} from '#libs/testing';
import type { Program, PrometheusServer } from '#libs/testing';
import { connectionsQuery, dashboard, panelQueries, variableQueries } from './queries.js';
import { alerts, root, rulesFile, selectorsOf } from './rules.js';

const apiKey = 'da2-of-the-prometheus-test';
const connectionCount = 3;

const running = new AsyncDisposableStack();
afterAll(() => running.disposeAsync());

interface Served {
  readonly program: Program;
  readonly port: number;
  readonly metricsPort: number;
}

async function start(app: 'api' | 'gateway'): Promise<Served> {
  const [port, metricsPort] = (await freePorts(2)) as [number, number];
  const program = await startProgram({
    script: `dist/apps/${app}/src/main.js`,
    env: {
      STARLING_API: 'test/prometheus/api',
      STARLING_API_KEY: apiKey,
      REDIS_URL: inject('redisUrl'),
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metricsPort),
      MAX_SUBSCRIPTIONS_PER_CONNECTION: '1',
      LOG_LEVEL: 'info',
    },
    readyText: 'is listening',
  });
  running.defer(async () => void (await program.stop('SIGKILL')));
  return { program, port, metricsPort };
}

/** A second of what users do, and of what goes wrong. */
async function traffic(api: Served, gateway: Served): Promise<void> {
  const url = `http://127.0.0.1:${api.port}/graphql`;
  const key = { 'x-api-key': apiKey };
  await executeGraphql(url, key, 'mutation { createTask(id: 1, boardId: "b") { id boardId } }');
  await executeGraphql(url, key, '{ __typename }');
  await postGraphql(url, key, '{ getTask(id: 1) { id } }');
  await postGraphql(url, key, `{ ${aliases(200)} }`);
  await postGraphql(url, { 'x-api-key': 'da2-nobody' }, '{ __typename }');
  const stranger = await GraphqlTransportWsClient.connect({ url: realtimeUrl(gateway) });
  stranger.send({ type: 'connection_init', payload: { 'x-api-key': 'da2-nobody' } });
  await stranger.waitForClose();
}

/** More than an API takes. */
function aliases(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ');
}

function realtimeUrl({ port }: Served): string {
  return `ws://127.0.0.1:${port}/graphql/realtime`;
}

let prometheus: PrometheusServer;

beforeAll(async () => {
  const [api, gateway] = await Promise.all([start('api'), start('gateway')]);
  // Labels as the chart's ServiceMonitor gives them.
  const scrape = (job: string, { metricsPort }: Served): object => ({
    job_name: job,
    static_configs: [
      {
        targets: [`127.0.0.1:${metricsPort}`],
        labels: { namespace: 'realtime', service: `starling-${job}-metrics` },
      },
    ],
  });
  prometheus = running.adopt(
    await startPrometheus({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [`${root}/${rulesFile}`],
      scrape_configs: [scrape('api', api), scrape('gateway', gateway)],
    }),
    (it) => it.stop(),
  );
  for (let index = 0; index < connectionCount; index += 1) {
    const client = await GraphqlTransportWsClient.connect({ url: realtimeUrl(gateway) });
    running.defer(() => client.terminate());
    await client.init({ 'x-api-key': apiKey });
    client.start('s', 'subscription { onTaskCreated(boardId: "b") { id } }');
    client.start('too-many', 'subscription { onTaskCreated { id } }');
    await client.waitForMessage(({ id, type }) => id === 'too-many' && type === 'error');
  }
  for (const { program } of [api, gateway]) {
    process.kill(program.pid, 'SIGHUP');
    await program.waitForOutput('loaded anew and is served');
  }
  // Prometheus takes five seconds to its first scrape, and rates need two with traffic between them.
  await vi.waitUntil(async () => (await prometheus.query('sum(up)'))[0]?.value === 2, {
    timeout: 20_000,
    interval: 250,
  });
  for (let second = 0; second < 4; second += 1) {
    await traffic(api, gateway);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}, 90_000);

/** What a query answers, once it answers something. */
async function answerOf(query: string): Promise<readonly unknown[]> {
  return vi.waitUntil(
    async () => {
      const samples = await prometheus.query(query);
      return samples.length > 0 && samples;
    },
    { timeout: 5_000, interval: 500 },
  );
}

describe('the dashboard', () => {
  it('should be what Grafana imports: panels that say what they show, and a data source to choose', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
    const shown = dashboard.panels.filter(({ targets }) => targets !== undefined);
    expect(shown.length).toBeGreaterThan(40);
    for (const { title, description } of shown) expect([title, description]).toEqual([title, expect.any(String)]);
  });

  it.each(variableQueries)('should find something to choose: %s', async (_name, query) => {
    expect(await answerOf(query)).not.toEqual([]);
  });

  it.each(panelQueries)('should show something: %s, %s', async (_title, query) => {
    expect(await answerOf(query)).not.toEqual([]);
  });

  it('should show numbers, and not only zeros, of what happened', async () => {
    const happened = panelQueries.filter(([title]) =>
      ['Delivery latency', 'Operations', 'Limits', 'Refused credentials', 'Time of data sources'].includes(title),
    );
    for (const [title, query] of happened) {
      const samples = await prometheus.query(query);
      expect([title, samples.some(({ value }) => value > 0)]).toEqual([title, true]);
    }
  });
});

describe('the alerts', () => {
  it.each(alerts.flatMap(({ alert, expr }) => selectorsOf(expr).map((selector) => [alert, selector] as const)))(
    'should rest on what is counted: %s, %s',
    async (_alert, selector) => {
      expect(await answerOf(selector)).not.toEqual([]);
    },
  );

  it.each(alerts.filter(({ expr }) => !expr.startsWith('absent')).map(({ alert, expr }) => [alert, expr] as const))(
    'should have something to compare: %s',
    async (_alert, expr) => {
      // What is compared, whatever it comes to.
      expect(await answerOf(expr.replaceAll(/ ([<>=]=?) /g, ' $1 bool '))).not.toEqual([]);
    },
  );

  it('should not fire while all is well, but for the data source that is away', async () => {
    const firing = await prometheus.query('ALERTS{severity="critical"}');
    expect(firing).toEqual([]);
    const pending = await prometheus.query('ALERTS{alertname="StarlingDataSourceFailing"}');
    expect(pending.map(({ metric }) => metric['data_source'])).toEqual(['Away']);
  });

  it('should say what they are about, in words that have their values', async () => {
    for (const { annotations } of await prometheus.alerts()) {
      for (const text of Object.values(annotations)) expect(text).not.toMatch(/error expanding|\{\{|<no value>/);
    }
  });
});

describe('the autoscaler of the chart', () => {
  it('should be told how many connections there are', async () => {
    const samples = await prometheus.query(connectionsQuery());
    expect(samples.map(({ value }) => value)).toEqual([connectionCount]);
  });
});
