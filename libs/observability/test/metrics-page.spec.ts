import { readFileSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, showProcess } from '../src/index.js';
import type { MetricsPart } from '../src/index.js';

const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');

/** The rows of a section by the metric's name, with its type and labels. */
function rowsOf(heading: string): Record<string, string> {
  const [section = ''] = (page.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ');
  const rows = [...section.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \|/gm)];
  return Object.fromEntries(rows.map(([, name, type, labels]) => [name, `${type}, ${labels}`])) as Record<
    string,
    string
  >;
}

/** The metrics of a registry; prom-client has their labels in no public place. */
async function registered(registry: Registry): Promise<Record<string, string>> {
  const described = await registry.getMetricsAsJSON();
  const labels = new Map(
    registry.getMetricsAsArray().map((metric) => {
      const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: readonly string[] };
      return [name, labelNames.map((label) => `\`${label}\``).join(', ') || '–'];
    }),
  );
  return Object.fromEntries(described.map(({ name, type }) => [name, `${String(type)}, ${labels.get(name)}`]));
}

const sections = {
  both: 'Both',
  api: 'The api',
  gateway: 'The gateway',
  process: 'The process',
};

describe('docs/reference/metrics.md', () => {
  let rows: Record<keyof typeof sections, Record<string, string>>;
  beforeAll(() => {
    rows = Object.fromEntries(
      Object.entries(sections).map(([part, heading]) => [part, rowsOf(heading)]),
    ) as typeof rows;
  });

  it.each<MetricsPart>(['api', 'gateway'])('should list every metric of the %s, and no other', async (part) => {
    expect(await registered(createMetrics([part]).registry)).toEqual({ ...rows.both, ...rows[part] });
  });

  it('should list what is shown of the process, and no more', async () => {
    const { registry } = createMetrics([]);
    showProcess(registry);
    expect(await registered(registry)).toEqual({ ...rows.both, ...rows.process });
  });
});
