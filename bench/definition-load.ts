import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadApiDefinition } from '#libs/api-definition';

/**
 * Time and memory of loading an API with many resolvers, half of them templates and half code: each with a text of its own, or all with
 * the same, as the code around pipelines is. A process loads its definition once, at its start, so each run has a process of its own,
 * in which nothing is compiled yet. Medians of runs.
 */
const runs = 7;
const resolverCount = 1_000;
const targetMs = 200;
const targetMegabytes = 50;

const code = `import { util } from '@aws-appsync/utils';
export function request(ctx) {
  const { title, priority, ...rest } = ctx.args;
  if (!title) { util.error('A task needs a title', 'BadTask'); }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: util.autoId() }),
    attributeValues: util.dynamodb.toMapValues({ ...rest, title, priority: priority ?? 'low', owner: ctx.identity.username }),
  };
}
export function response(ctx) {
  return ctx.result;
}`;

interface Loaded {
  readonly ms: number;
  /** Processor time of the thread that loads: what `ms` is where nothing else runs. */
  readonly cpuMs: number;
  readonly megabytes: number;
}

const [, script = '', folderToLoad] = process.argv;
if (folderToLoad === undefined) {
  console.table([await measure('its own'), await measure('the same')]);
} else {
  process.stdout.write(JSON.stringify(await load(folderToLoad)));
}

async function measure(text: 'its own' | 'the same'): Promise<Record<string, string | number>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-bench-'));
  await writeDefinition(folder, (name) => (text === 'its own' ? name : ''));
  const results: Loaded[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, folder]);
    results.push(JSON.parse(stdout) as Loaded);
  }
  await rm(folder, { recursive: true, force: true });
  const median = (member: keyof Loaded) =>
    Math.round(results.map((one) => one[member]).sort((a, b) => a - b)[Math.floor(runs / 2)]!);
  return {
    'definition loaded': `${resolverCount} resolvers, each with ${text} text`,
    ms: median('ms'),
    'of it processor': median('cpuMs'),
    'target ms': targetMs,
    'heap MB': median('megabytes'),
    'target MB': targetMegabytes,
  };
}

async function load(folder: string): Promise<Loaded> {
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const cpuBefore = process.threadCpuUsage();
  const began = performance.now();
  const definition = await loadApiDefinition(folder, { variables: {} });
  const ms = performance.now() - began;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  globalThis.gc?.();
  if (definition.resolvers.size !== resolverCount)
    throw new Error(`${definition.resolvers.size} resolvers were loaded`);
  return {
    ms,
    cpuMs: (user + system) / 1000,
    megabytes: (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20,
  };
}

/** `mark` tells the texts of a field from those of others. */
async function writeDefinition(folder: string, mark: (name: string) => string): Promise<void> {
  const template = await readFile('examples/tasks/resolvers/Mutation.createTask.request.vtl', 'utf8');
  await mkdir(path.join(folder, 'resolvers'));
  const names = Array.from({ length: resolverCount }, (_, index) => `field${index}`);
  const fields = names.map((name) => `${name}(id: ID): String`).join('\n');
  await writeFile(path.join(folder, 'schema.graphql'), `type Query {\n${fields}\n}\n`);
  const resolvers: string[] = [];
  for (const [index, name] of names.entries()) {
    const isCode = index % 2 === 0;
    const runtime = isCode ? ', runtime: { name: APPSYNC_JS, runtimeVersion: 1.0.0 }' : '';
    resolvers.push(`  - { typeName: Query, fieldName: ${name}, dataSourceName: Local${runtime} }`);
    const file = path.join(folder, 'resolvers', `Query.${name}`);
    if (isCode) await writeFile(`${file}.js`, `${code}// ${mark(name)}\n`);
    else {
      await writeFile(`${file}.request.vtl`, `${template}## ${mark(name)}\n`);
      await writeFile(`${file}.response.vtl`, '$util.toJson($ctx.result)');
    }
  }
  const settings = [
    'name: many',
    'authenticationType: API_KEY',
    'apiKeys: [{ id: a, key: da2-a }]',
    'dataSources: [{ name: Local, type: NONE }]',
    'resolvers:',
    ...resolvers,
  ];
  await writeFile(path.join(folder, 'starling.yaml'), `${settings.join('\n')}\n`);
}
