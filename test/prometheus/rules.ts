import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The one file of alerts, from the repository's root. */
export const rulesFile = 'helm/starling/files/prometheus-rules.yaml';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const alerts: readonly Alert[] = (
  parse(readFileSync(path.join(root, rulesFile), 'utf8')) as { groups: { rules: Alert[] }[] }
).groups.flatMap(({ rules }) => rules);

/** The series that an expression asks for: names of ours or of the process, with their label matchers. */
export function selectorsOf(expression: string): readonly string[] {
  return expression.match(/\b(?:starling|process|nodejs)_\w+(?:\{[^}]*\})?/g) ?? [];
}
