import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { isObjectType } from 'graphql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ApiDefinition } from '#libs/api-definition';
import { createLogger, createMetrics } from '#libs/observability';
import { folderFingerprint } from './folder-fingerprint.js';
import { DefinitionReloader } from './reload-definition.js';

const settings = 'name: tasks\nauthenticationType: API_KEY\napiKeys: [{ id: default, key: da2-of-this-test }]\n';
const schema = (fields: string): string => `type Query { task: Task }\ntype Task { ${fields} }\n`;

async function setUp({ intervalMs = 20 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'starling-reload-'));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('starling.yaml', settings);
  await write('schema.graphql', schema('id: ID'));
  const records: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (line, _encoding, done) => done(void records.push(JSON.parse(String(line)) as never)),
  });
  const served: ApiDefinition[] = [];
  const metrics = createMetrics();
  const reloader = new DefinitionReloader({
    folder,
    loaded: await folderFingerprint(folder),
    intervalMs,
    variables: {},
    api: { replace: (definition) => void served.push(definition) },
    logger: createLogger({ name: 'test', level: 'info', destination }),
    metrics,
  });
  onTestFinished(async () => {
    await reloader.close();
    await rm(folder, { recursive: true });
  });
  return { folder, write, records, served, reloader, metrics };
}

const waitUntil = (isMet: () => boolean) => vi.waitFor(() => expect(isMet()).toBe(true), { timeout: 10_000 });
const fieldsOf = ({ schema: served }: ApiDefinition): string[] => {
  const type = served.getType('Task');
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
};

/** Those that were counted; both kinds begin at 0. */
const reloads = async ({ definitionReloads }: Awaited<ReturnType<typeof setUp>>['metrics']) =>
  (await definitionReloads.get()).values.filter(({ value }) => value > 0);

describe('a definition in a folder', () => {
  it('should be served anew when a file has changed, and once', async () => {
    const { write, served, metrics } = await setUp();
    await write('schema.graphql', schema('id: ID title: String'));
    await waitUntil(() => served.length > 0);
    expect(fieldsOf(served[0]!)).toEqual(['id', 'title']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(served).toHaveLength(1);
    expect(await reloads(metrics)).toMatchObject([{ labels: { outcome: 'served' }, value: 1 }]);
  });

  it('should be served anew when the link to its files leads elsewhere, as that of a ConfigMap', async () => {
    const { folder, served } = await setUp();
    const publish = async (version: string, fields: string): Promise<void> => {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'starling.yaml'), settings);
      await writeFile(join(folder, version, 'schema.graphql'), schema(fields));
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await publish('..2026_01', 'id: ID first: Int');
    for (const name of ['starling.yaml', 'schema.graphql']) {
      await symlink(join('..data', name), join(folder, `${name}_tmp`));
      await rename(join(folder, `${name}_tmp`), join(folder, name));
    }
    await waitUntil(() => served.length > 0 && fieldsOf(served.at(-1)!).includes('first'));
    await publish('..2026_02', 'id: ID second: Int');
    await waitUntil(() => fieldsOf(served.at(-1)!).includes('second'));
  });

  it('should be refused with every fault, once, while the former is served on, and be served when it is mended', async () => {
    const { write, served, records, metrics } = await setUp();
    await write('schema.graphql', schema('id: Nope title: Nothing'));
    await waitUntil(() => records.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(served).toEqual([]);
    expect(records).toMatchObject([
      {
        level: 50,
        faults: [expect.stringContaining('schema.graphql:2:'), expect.stringContaining('Nothing')],
        msg: 'The API definition has changed and is refused; the former one is served on',
      },
    ]);
    expect(await reloads(metrics)).toMatchObject([{ labels: { outcome: 'refused' } }]);
    await write('schema.graphql', schema('id: ID'));
    await waitUntil(() => served.length === 1);
  });

  it('should be loaded on SIGHUP, also when nobody looks at its files', async () => {
    const { write, served } = await setUp({ intervalMs: 0 });
    await write('schema.graphql', schema('id: ID title: String'));
    process.emit('SIGHUP');
    await waitUntil(() => served.length > 0);
    expect(fieldsOf(served[0]!)).toEqual(['id', 'title']);
  });

  it('should not be looked at after the close', async () => {
    const { write, served, reloader } = await setUp();
    const listeners = process.listenerCount('SIGHUP');
    await reloader.close();
    await write('schema.graphql', schema('id: ID title: String'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(served).toEqual([]);
    expect(process.listenerCount('SIGHUP')).toBe(listeners - 1);
  });
});
