import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';
import type { Loaded } from './programs/load-definition.js';

/**
 * Time and memory of loading an API with many resolvers, half of them templates and half code: each with a text of its own, or all with
 * the same, as the code around pipelines is. Medians of runs.
 */
const runs = 7;
const resolverCount = 1_000;
const maxMs = 200;
const maxMegabytes = 50;

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

const program = path.join(import.meta.dirname, 'programs', 'load-definition.js');

export async function measure(): Promise<readonly Row[]> {
  return [...(await measureTexts('its own')), ...(await measureTexts('the same'))];
}

async function measureTexts(text: 'its own' | 'the same'): Promise<readonly Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-bench-'));
  await writeDefinition(folder, (name) => (text === 'its own' ? name : ''));
  const results: Loaded[] = [];
  for (let run = 0; run < runs; run += 1) {
    const args = ['--expose-gc', program, folder, String(resolverCount)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    results.push(JSON.parse(stdout) as Loaded);
  }
  await rm(folder, { recursive: true, force: true });
  const of = (member: keyof Loaded) => median(results.map((one) => one[member]));
  const name = `definition of ${resolverCount} resolvers, each with ${text} text`;
  return [
    row({ name, figure: of('ms'), unit: 'ms', target: { atMost: maxMs } }),
    row({ name, figure: of('cpuMs'), unit: 'ms CPU' }),
    row({ name, figure: of('megabytes'), unit: 'MB of heap', target: { atMost: maxMegabytes } }),
  ];
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
