import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMetrics } from '../src/index.js';

const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');

/** Labels of each metric that is registered; prom-client has them in no public place. */
function registered(): Record<string, string> {
  const { registry } = createMetrics();
  const entries = registry.getMetricsAsArray().map((metric) => {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: readonly string[] };
    return [name, labelNames.map((label) => `\`${label}\``).join(', ') || '–'];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

it('docs/reference/metrics.md should list every metric with its labels, and no other', () => {
  const rows = [...page.matchAll(/^\| `(starling_\w+)` \| (.*?) \|/gm)].map(([, name, labels]) => [name, labels]);
  expect(rows.length).toBeGreaterThan(0);
  expect(Object.fromEntries(rows)).toEqual(registered());
});
