import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './rules.js';

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** The dashboard, as it is imported. */
export const dashboard = JSON.parse(readFileSync(path.join(root, 'deploy/grafana/starling.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[];
  };
};

/** Every query of the dashboard with the title of its panel, its variables filled in: all processes, and a minute. */
export const panelQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, fill(expr)] as const),
);

/** What the dashboard's variables choose from: `label_values(series, label)` as the query of these series. */
export const variableQueries = dashboard.templating.list.flatMap(({ name, query }) => {
  const series = typeof query === 'string' ? undefined : /^label_values\((.*), \w+\)$/.exec(query.query)?.[1];
  return series === undefined ? [] : [[name, fill(series)] as const];
});

function fill(query: string): string {
  const filled = query.replaceAll('$job', '.*').replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');
  if (filled.includes('$')) throw new Error(`The query has a variable that the test does not know: ${query}`);
  return filled;
}

/** The chart's query for KEDA, of a release named starling in a namespace named realtime. */
export function connectionsQuery(): string {
  const values = parse(readFileSync(path.join(root, 'helm/starling/values.yaml'), 'utf8')) as {
    readonly gateway: { readonly autoscaling: { readonly keda: { readonly query: string } } };
  };
  const query = values.gateway.autoscaling.keda.query
    .replaceAll('{{ .Release.Namespace }}', 'realtime')
    .replaceAll('{{ include "starling.fullname" . }}', 'starling');
  if (query.includes('{{')) throw new Error(`The query has a value that the test does not know: ${query}`);
  return query;
}
