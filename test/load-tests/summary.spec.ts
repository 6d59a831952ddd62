import { describe, expect, it } from 'vitest';
import { summaryFiles } from '../../load-tests/lib/summary.js';
import type { SummaryData } from '../../load-tests/lib/summary.js';

const settings = {
  API_KEY: 'da2-secret',
  BASE_URL: ['https://me:pass@api.example.com/<b>'],
  PROTOCOL: ['appsync', 'graphql-transport-ws'],
};
const options = { name: 'soak', settings, folder: '/out' };

const latency = {
  count: 40,
  min: 1,
  avg: 3,
  med: 2.34,
  'p(90)': 4,
  'p(95)': 5,
  'p(99)': 260,
  'p(99.9)': 260,
  max: 300,
};

/** A run that lost one event and was too slow. */
const data: SummaryData = {
  state: { testRunDurationMs: 12_345 },
  metrics: {
    subscriptions_checked: { values: { count: 20 }, thresholds: { 'count>=20': { ok: true } } },
    events_published: { values: { count: 10 } },
    deliveries: { values: { count: 40 } },
    events_lost: { values: { count: 1 }, thresholds: { 'count==0': { ok: false } } },
    publish_to_receive: { values: latency },
    publish_to_receive_graphql_transport_ws: { values: { ...latency, count: 10 } },
    deliveries_in_time: { values: { rate: 0.98765 }, thresholds: { 'rate>=0.99': { ok: false } } },
    'closes{code:1001}': { values: { count: 3 }, thresholds: { 'count>=0': { ok: true } } },
    'closes{code:1012}': { values: { count: 0 }, thresholds: { 'count>=0': { ok: true } } },
  },
};

describe('the summary of a load test', () => {
  const files = summaryFiles(data, options);

  it('should tell a terminal what holds and what does not', () => {
    expect(files.stdout).toContain('soak does not hold (12.3 s)');
    expect(files.stdout).toContain('delivered 40 to 20 subscriptions: 1 lost, 0 repeated, 0 out of order');
    expect(files.stdout).toContain('publish to receive: p50 2.3 ms, p95 5 ms, p99 260 ms, max 300 ms');
    expect(files.stdout).toContain('closes: 1001 × 3\n');
    expect(files.stdout).toContain('does not hold: events_lost count==0, it is 1');
    expect(files.stdout).toContain('does not hold: deliveries_in_time rate>=0.99, it is 0.9877');
  });

  it('should tell what is missing of what was deferred, where something is', () => {
    expect(files.stdout).not.toContain('of what was deferred');
    const metrics = { ...data.metrics, events_deferred_missing: { values: { count: 2 } } };
    const { stdout } = summaryFiles({ ...data, metrics }, options);
    expect(stdout).toContain('not delivered of what was deferred: 2\n');
  });

  it('should be figures for programs', () => {
    expect(JSON.parse(files['/out/soak.json']!)).toMatchObject({
      name: 'soak',
      holds: false,
      counts: { lost: 1, deliveries: 40, repeated: 0 },
      closes: { 1001: 3 },
      timesMs: { publishToReceive: { 'p(99)': 260 }, 'publishToReceive, graphql-transport-ws': { count: 10 } },
    });
  });

  it('should hold when every threshold does, those of single close codes among them', () => {
    const good = { ...data, metrics: { ...data.metrics, events_lost: { values: { count: 0 } } } };
    const fast = { values: { rate: 1 }, thresholds: { 'rate>=0.99': { ok: true } } };
    const summarize = (metrics: SummaryData['metrics']): { holds: boolean } =>
      JSON.parse(summaryFiles({ ...good, metrics }, options)['/out/soak.json']!) as { holds: boolean };
    const metrics = { ...good.metrics, deliveries_in_time: fast };
    expect(summarize(metrics).holds).toBe(true);
    const noCode = { values: { count: 1 }, thresholds: { 'count==0': { ok: false } } };
    expect(summarize({ ...metrics, 'closes{code:1006}': noCode }).holds).toBe(false);
  });

  it('should be a page of its own, without credentials, and with nothing of the settings taken for HTML', () => {
    const page = files['/out/soak.html']!;
    expect(page).toContain('<td class="number">260</td>');
    expect(page).toContain('https://me:***@api.example.com/&#60;b&#62;');
    expect(page).not.toMatch(/<script|<link|src=/);
    for (const text of Object.values(files)) expect(text).not.toMatch(/da2-secret|pass@/);
  });

  it('should be none when nothing was run', () => {
    expect(summaryFiles({ state: { testRunDurationMs: 5 }, metrics: {} }, options)).toEqual({});
  });
});
