import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DefinitionError, formatFault, loadApiDefinition } from '../src/index.js';
import type { ApiDefinition } from '../src/index.js';

/** Files of a definition, by path. Null leaves one of the sound files out. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** A small sound definition of boards and tasks. Tests replace single files of it. */
export const soundFiles = {
  'starling.yaml': `name: boards
authenticationType: API_KEY
apiKeys:
  - { id: default, key: secret }
dataSources:
  - { name: Local, type: NONE }
resolvers:
  - { typeName: Mutation, fieldName: createTask, dataSourceName: Local }
`,
  'schema.graphql': `type Task { id: ID! title: String boardId: String }
type Query { getTask(id: ID!): Task }
type Mutation { createTask(title: String, boardId: String): Task }
type Subscription {
  onTaskCreated(boardId: String): Task @aws_subscribe(mutations: ["createTask"])
}
`,
  'resolvers/Mutation.createTask.request.vtl': '{"version": "2018-05-29", "payload": $util.toJson($ctx.args)}\n',
  'resolvers/Mutation.createTask.response.vtl': '$util.toJson($ctx.result)\n',
};

/** Writes a definition into a folder of its own, which goes when the test is over. */
export async function writeDefinition(files: Files = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'starling-definition-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ ...soundFiles, ...files })) {
    if (content === null) continue;
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

/** Writes and loads a definition. */
export async function load(files: Files = {}, variables: Record<string, string> = {}): Promise<ApiDefinition> {
  return loadApiDefinition(await writeDefinition(files), { variables });
}

/** The faults of a definition, as lines. Empty for a sound one. */
export async function faultsOf(files: Files, variables: Record<string, string> = {}): Promise<readonly string[]> {
  try {
    await load(files, variables);
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return error.faults.map(formatFault);
    throw error;
  }
}

/** A faulty definition and its faults, as lines. A line that ends in a space or colon is only the beginning: the rest is a parser's own text. */
export interface FaultCase {
  readonly what: string;
  readonly files: Files;
  readonly faults: readonly string[];
}

/** The faults of a definition, each cut to the length of its expectation where that is only a beginning. */
export async function faultsLike(files: Files, expected: readonly string[]): Promise<readonly string[]> {
  const lines = await faultsOf(files);
  return lines.map((line, index) => {
    const wanted = expected[index];
    return wanted !== undefined && /[: ]$/.test(wanted) ? line.slice(0, wanted.length) : line;
  });
}

/** The sound `starling.yaml` with one piece of it replaced. */
export function settingsWith(piece: string, replacement: string): Files {
  const settings = soundFiles['starling.yaml'];
  if (!settings.includes(piece)) throw new Error(`The sound settings do not have ${piece}.`);
  return { 'starling.yaml': settings.replace(piece, () => replacement) };
}

/** The sound SDL with something added or replaced. */
export function schemaWith(piece: string, replacement: string): Files {
  const sdl = soundFiles['schema.graphql'];
  if (!sdl.includes(piece)) throw new Error(`The sound schema does not have ${piece}.`);
  return { 'schema.graphql': sdl.replace(piece, () => replacement) };
}
