import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runPromtool } from '#libs/testing';
import { alertCases } from './alert-cases.js';
import type { Series } from './alert-cases.js';
import { alerts, root, rulesFile } from './rules.js';

const names = alerts.map(({ alert }) => alert);

/** What promtool is to expect half an hour after the series' first values. */
function promtoolTest(name: string, series: Series, isFiring: boolean): object {
  return {
    name: `${name} ${isFiring ? 'fires' : 'is quiet'}`,
    interval: '15s',
    input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: '30m',
        exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  };
}

describe('the alerts', () => {
  it('should be rules that Prometheus takes, and be found by the example of its configuration', async () => {
    expect(await runPromtool('check', 'rules', path.join(root, rulesFile))).toContain('SUCCESS');
    const checked = await runPromtool('check', 'config', path.join(root, 'deploy/prometheus/prometheus.yaml'));
    expect(checked).toContain('1 rule files found');
  });

  it('should each fire on what they are for, and on nothing else', { timeout: 60_000 }, async () => {
    expect(Object.keys(alertCases).sort()).toEqual([...names].sort());
    const folder = await mkdtemp(path.join(tmpdir(), 'starling-alerts-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'alerts.json');
    const tests = Object.entries(alertCases).flatMap(([name, { fires, quiet }]) => [
      promtoolTest(name, fires, true),
      promtoolTest(name, quiet, false),
    ]);
    await writeFile(
      file,
      JSON.stringify({ rule_files: [path.join(root, rulesFile)], evaluation_interval: '1m', tests }),
    );
    expect(await runPromtool('test', 'rules', file)).toContain('SUCCESS');
  });

  it('should each name how bad it is, and the heading of the guide that says what to do', async () => {
    const guide = await readFile(path.join(root, 'docs/guides/operate.md'), 'utf8');
    const headings = new Set([...guide.matchAll(/^#+ (\w+)$/gm)].map(([, heading]) => heading));
    for (const { alert, labels, annotations } of alerts) {
      expect(['warning', 'critical']).toContain(labels['severity']);
      expect(annotations).toMatchObject({
        summary: expect.any(String) as string,
        description: expect.any(String) as string,
      });
      expect(annotations['runbook_url']).toBe(`docs/guides/operate.md#${alert.toLowerCase()}`);
      expect(headings).toContain(alert);
    }
    // And no page for an alert that is no more.
    expect([...headings].filter((heading) => heading?.startsWith('Starling')).sort()).toEqual([...names].sort());
  });

  it('should wait before they fire, but for what is over when it is seen', () => {
    const atOnce = alerts.filter((alert) => alert.for === undefined).map(({ expr }) => expr);
    for (const expr of atOnce) expect(expr).toMatch(/increase\(|changes\(/);
  });
});
