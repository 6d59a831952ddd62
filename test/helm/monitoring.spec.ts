import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { runPromtool } from '#libs/testing';
import { alertCases } from '../prometheus/alert-cases.js';
import type { Series } from '../prometheus/alert-cases.js';
import { chart, render, toolTimeoutMs } from './chart.js';
import type { Manifest } from './chart.js';

const on = {
  metrics: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '30s' },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  },
};

describe('what Prometheus reads', { timeout: toolTimeoutMs }, () => {
  it('should be every pod of api and gateway, those that drain among them', async () => {
    const rendered = await render(on);
    const { spec, metadata } = rendered.one('ServiceMonitor');
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(spec.endpoints).toEqual([{ port: 'metrics', interval: '30s' }]);
    const selected = rendered.all.filter(
      (one) =>
        one.kind === 'Service' &&
        Object.entries(spec.selector.matchLabels).every(([key, value]) => one.metadata.labels[key] === value),
    );
    expect(selected.map((one) => one.metadata.name)).toEqual([
      'flock-starling-api-metrics',
      'flock-starling-gateway-metrics',
    ]);
    for (const service of selected) {
      expect(service.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
      expect(service.spec.ports).toMatchObject([{ name: 'metrics', targetPort: 'metrics' }]);
      const component = service.metadata.labels['app.kubernetes.io/component']!;
      expect(rendered.pod(component).metadata.labels).toMatchObject(service.spec.selector);
    }
  });

  it("should alert by the rules of the chart, word for word, where every series is the release's", async () => {
    const rules = parse(await readFile(path.join(chart, 'files', 'prometheus-rules.yaml'), 'utf8')) as Rules;
    expect(rules.groups.length).toBeGreaterThan(0);
    const everySeries = { ...on.metrics, prometheusRule: { ...on.metrics.prometheusRule, selector: '' } };
    const { spec, metadata } = (await render({ metrics: everySeries })).one('PrometheusRule');
    expect(spec).toEqual(rules);
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
  });

  it('should alert of the release alone, by what the ServiceMonitor gives its series', async () => {
    const matchers = 'namespace="birds",service=~"flock-starling-(api|gateway)-metrics"';
    const { spec } = (await render(on)).one('PrometheusRule');
    const words = parse(await readFile(path.join(chart, 'files', 'prometheus-rules.yaml'), 'utf8')) as Rules;
    const alerts = alertsOf(spec);
    expect(alerts.map(({ alert }) => alert)).toEqual(alertsOf(words).map(({ alert }) => alert));
    for (const [index, { alert, expr, labels }] of alerts.entries()) {
      const word = alertsOf(words)[index]!;
      const selectors = expr.match(/(?<!\w)(?:starling|process|nodejs)_\w+(?:\{[^}]*\})?/g) ?? [];
      expect(selectors.length, alert).toBeGreaterThan(0);
      for (const selector of selectors) expect(selector).toContain(`{${matchers}`);
      const withoutMatchers = expr.replaceAll(`{${matchers}}`, '').replaceAll(`{${matchers},`, '{');
      expect(withoutMatchers).toBe(word.expr);
      expect(labels).toEqual({ ...word.labels, namespace: 'birds' });
    }
  });

  it('should alert as ever on its own series, and never on those of another release', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'starling-chart-alerts-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const rules = path.join(folder, 'rules.json');
    await writeFile(rules, JSON.stringify((await render(on)).one('PrometheusRule').spec));
    const tests = Object.entries(alertCases).flatMap(([name, { fires, quiet }]) => [
      promtoolTest(name, inNamespace('birds', fires), 1),
      promtoolTest(name, inNamespace('birds', quiet), 0),
      // That nothing is there of this release does not depend on what is there of the other.
      promtoolTest(name, inNamespace('nest', name.endsWith('Absent') ? quiet : fires), name.endsWith('Absent') ? 1 : 0),
    ]);
    const file = path.join(folder, 'alerts.json');
    await writeFile(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests }));
    expect(await runPromtool('test', 'rules', file)).toContain('SUCCESS');
  });

  it.each(['https://wiki.example.com/starling', '', 'see: x # and "y"'])(
    'should name the page of the alerts where it was said to be: %j',
    async (page) => {
      const { spec } = (await render({ metrics: { prometheusRule: { enabled: true, runbookUrl: page } } })).one(
        'PrometheusRule',
      );
      const alerts = alertsOf(spec);
      expect(alerts.length).toBeGreaterThan(0);
      for (const { alert, annotations } of alerts)
        expect(annotations['runbook_url']).toBe(`${page}#${alert.toLowerCase()}`);
    },
  );

  it('should be made only when it is wanted: not every cluster knows these kinds', async () => {
    const rendered = await render();
    expect(rendered.find('ServiceMonitor')).toBeUndefined();
    expect(rendered.find('PrometheusRule')).toBeUndefined();
  });
});

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Alert[] }[];
}

function alertsOf(rules: Rules | Manifest['spec']): readonly Alert[] {
  return (rules as unknown as Rules).groups.flatMap((group) => group.rules);
}

/** The series with the labels that Prometheus's operator gives those of a ServiceMonitor's services. */
function inNamespace(namespace: string, series: Series): Series {
  const labelled = Object.entries(series).map(([name, values]) => {
    if (!name.includes('{')) throw new Error(`The series ${name} has no labels to add some to.`);
    const component = name.includes('job="api"') ? 'api' : 'gateway';
    return [name.replace('{', `{namespace="${namespace}",service="flock-starling-${component}-metrics",`), values];
  });
  return Object.fromEntries(labelled) as Series;
}

/** What promtool is to expect half an hour after the series' first values: so many alerts of the name, each of this release. */
function promtoolTest(name: string, series: Series, firing: 0 | 1): object {
  return {
    interval: '15s',
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${name}",alertstate="firing",namespace="birds"})`,
        eval_time: '30m',
        exp_samples: firing === 1 ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  };
}
