import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { freePorts, startProgram } from '#libs/testing';
import type { Program } from '#libs/testing';
import type { DevFile } from '../src/dev-file.js';

export const standaloneScript = 'dist/apps/standalone/src/main.js';
export const tokenScript = 'dist/apps/standalone/src/token.js';

export interface StartedStandalone extends Program {
  readonly dev: DevFile;
  readonly dataDirectory: string;
}

export interface StandaloneOptions {
  readonly api?: string;
  readonly dataDirectory: string;
  readonly ports: readonly number[];
  readonly args?: readonly string[];
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment that puts an instance on three ports, or on four when the API has an issuer. */
export function portEnvironment([port, tlsPort, cognitoPort, oidcPort]: readonly number[]): Record<string, string> {
  return {
    PORT: String(port),
    TLS_PORT: String(tlsPort),
    COGNITO_PORT: String(cognitoPort),
    ...(oidcPort !== undefined && { OIDC_PORT: String(oidcPort) }),
  };
}

/** A folder that is removed when the test that asked for it is over. */
export async function temporaryFolder(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-standalone-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts the program behind `npm start` and reads its dev.json. */
export async function startStandalone(options: StandaloneOptions): Promise<StartedStandalone> {
  const { api = 'examples/tasks', dataDirectory, ports, args = [], env = {} } = options;
  const program = await startProgram({
    script: standaloneScript,
    args: [api, '--data', dataDirectory, ...args],
    env: { ...portEnvironment(ports), ...env },
    readyText: 'Stop with Ctrl-C.',
  });
  const dev = JSON.parse(await readFile(path.join(dataDirectory, 'dev.json'), 'utf8')) as DevFile;
  return { ...program, dev, dataDirectory };
}

/** Three ports for one instance. */
export const threePorts = (): Promise<number[]> => freePorts(3);

/** Those, and one for the issuer. */
export const fourPorts = (): Promise<number[]> => freePorts(4);
