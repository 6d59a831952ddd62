import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export const composeFolder = 'deploy';

/** deploy/compose.yaml, with its variables at their defaults. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

export async function readComposeFile(): Promise<ComposeFile> {
  const text = await readFile(`${composeFolder}/compose.yaml`, 'utf8');
  const withDefaults = text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  return parse(withDefaults, { merge: true }) as ComposeFile;
}
