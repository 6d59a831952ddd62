import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { DefinitionError, flatSeparator, loadApiDefinition } from '#libs/api-definition';
import { environment, StartError } from '#libs/config';

export const configmapUsage = 'configmap DIR [--name NAME | --values]';

/** What Kubernetes takes, keys and texts together. */
const maxBytes = 1024 * 1024;

/** What names may be in a ConfigMap's keys; the chart asks for the same. */
const namePattern = /^[A-Za-z0-9_.-]+$/;

/**
 * Prints a folder's API definition as a ConfigMap, or with `--values` as values of the chart. A definition with faults is not printed:
 * the faults are, on standard error, with status 1.
 */
export async function configmap(args: readonly string[]): Promise<number> {
  const { dir, name, isValues } = parse(args);
  try {
    // Variables have their values where the pods run.
    await loadApiDefinition(dir, { variables: environment, standIn: (variable) => `unset-${variable}` });
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const files = await readFiles(dir);
  process.stdout.write(stringify(isValues ? { definition: { files } } : toConfigMap(name, files), { lineWidth: 0 }));
  return 0;
}

function parse(args: readonly string[]): { dir: string; name: string; isValues: boolean } {
  const usage = `Usage: starling ${configmapUsage}`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: { type: 'string' }, values: { type: 'boolean', default: false } },
    });
    const [dir] = positionals;
    if (positionals.length !== 1 || !dir || (values.values && values.name !== undefined)) throw new StartError(usage);
    return { dir, name: values.name ?? 'starling-definition', isValues: values.values };
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`${(cause as Error).message}\n${usage}`, { cause });
  }
}

/** Every file of the folder by its path in it, but hidden ones and packages. */
async function readFiles(dir: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const paths = new Map<string, string>();
  let bytes = 0;
  for (const name of await listFiles(dir)) {
    if (!name.split('/').every((part) => namePattern.test(part))) {
      throw new StartError(`${name}: a ConfigMap takes letters, digits, "-", "_" and "." in names. Rename the file.`);
    }
    const key = toKey(name);
    if (paths.has(key)) throw new StartError(`${paths.get(key)} and ${name} would be one key, ${key}. Rename one.`);
    paths.set(key, name);
    const content = await readFile(path.join(dir, name));
    bytes += key.length + content.length;
    try {
      files[name] = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch (cause) {
      throw new StartError(`${name} is not UTF-8 text. Save it as UTF-8, or keep it out of the folder.`, { cause });
    }
  }
  if (bytes > maxBytes) {
    throw new StartError(
      `The files have ${bytes} bytes together, and a ConfigMap holds ${maxBytes}. Put the folder into a volume and set definition.volume.`,
    );
  }
  return files;
}

async function listFiles(dir: string, folder = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(path.join(dir, folder), { withFileTypes: true })) {
    const name = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) names.push(...(await listFiles(dir, name)));
    else names.push(name);
  }
  return names.sort();
}

function toKey(name: string): string {
  return name.replaceAll('/', flatSeparator);
}

function toConfigMap(name: string, files: Readonly<Record<string, string>>) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(Object.entries(files).map(([file, text]) => [toKey(file), text])),
  };
}
