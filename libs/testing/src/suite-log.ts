import { appendFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Names the folder of the test run in its workers' environment; `vitest-global-setup.ts` sets it. */
export const suiteLogVariable = 'STARLING_SUITE_LOGS';

/** Shorter ones stand in texts by chance. */
const minSecretLength = 8;

interface Entry {
  readonly source: string;
  readonly text: string;
}

/**
 * Keeps log lines for the search after the last test: no credential may stand in the log of any test. `source` is the program, or the app
 * whose logger wrote them. Outside of a test run it does nothing.
 */
export function collectLog(source: string, text: string): void {
  if (text !== '') append('logs', { source, text });
}

/** Makes a credential known that the search should find, which has no form of its own: a key, a password, an opaque token. */
export function collectSecret(secret: string): void {
  if (secret.length >= minSecretLength) append('secrets', { source: 'secret', text: secret });
}

function append(kind: 'logs' | 'secrets', entry: Entry): void {
  const folder = process.env[suiteLogVariable];
  if (folder) appendFileSync(path.join(folder, `${kind}-${process.pid}.jsonl`), `${JSON.stringify(entry)}\n`);
}

/** What a search of a run's log has found. */
export interface SuiteLogReport {
  /** Who wrote. */
  readonly sources: ReadonlySet<string>;
  /** Credentials that were made known. */
  readonly secrets: number;
  /** One sentence for each line with a credential. The credential itself is cut short. */
  readonly leaks: readonly string[];
}

/** Whatever looks like a JSON Web Token or a header object of a handshake, encoded once more or not; an AppSync API key; a signature. */
const credentialForms = [
  /(?:eyJ|ZXlK)[\w-]{8,}/,
  /\bda2-[\w-]{4,}/,
  /Signature=[0-9a-f]{8,}/i,
  /[?&](?:header|payload)=(?!\[)[\w%+/=-]{4,}/,
];

/** Searches the log in a folder for credentials, of the known forms and those that were made known. */
export async function searchSuiteLog(folder: string): Promise<SuiteLogReport> {
  const logs = await readEntries(folder, 'logs');
  const secrets = new Set((await readEntries(folder, 'secrets')).map(({ text }) => text));
  const lines = new Map<string, string>();
  for (const { source, text } of logs) for (const line of text.split('\n')) lines.set(line, source);
  const needles = [...secrets].flatMap((secret) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]);
  const leaks: string[] = [];
  for (const [line, source] of lines) {
    const found =
      credentialForms.map((form) => form.exec(line)?.[0]).find((it) => it !== undefined) ??
      needles.find((needle) => line.includes(needle));
    if (found !== undefined) leaks.push(`${source} logged "${found.slice(0, 12)}…" in: ${excerpt(line, found)}`);
  }
  return { sources: new Set(logs.map(({ source }) => source)), secrets: secrets.size, leaks };
}

function excerpt(line: string, found: string): string {
  const at = line.indexOf(found);
  return line.slice(Math.max(0, at - 100), at + 12);
}

async function readEntries(folder: string, kind: string): Promise<Entry[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${kind}-`));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}
