import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chart, render, toolTimeoutMs } from './chart.js';

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

  it('should alert by the rules of the chart, word for word', async () => {
    const rules = parse(await readFile(path.join(chart, 'files', 'prometheus-rules.yaml'), 'utf8')) as {
      groups: unknown[];
    };
    expect(rules.groups.length).toBeGreaterThan(0);
    const { spec, metadata } = (await render(on)).one('PrometheusRule');
    expect(spec).toEqual(rules);
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
  });

  it('should name the page of the alerts where it was said to be', async () => {
    const page = 'https://wiki.example.com/starling';
    const { spec } = (await render({ metrics: { prometheusRule: { enabled: true, runbookUrl: page } } })).one(
      'PrometheusRule',
    );
    const { groups } = spec as unknown as {
      groups: { rules: { alert: string; annotations: { runbook_url: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(0);
    for (const { alert, annotations } of rules) expect(annotations.runbook_url).toBe(`${page}#${alert.toLowerCase()}`);
  });

  it('should be made only when it is wanted: not every cluster knows these kinds', async () => {
    const rendered = await render();
    expect(rendered.find('ServiceMonitor')).toBeUndefined();
    expect(rendered.find('PrometheusRule')).toBeUndefined();
  });
});
