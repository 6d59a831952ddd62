import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { loadApiDefinition } from '#libs/api-definition';
import { runProgram } from '#libs/testing';
import type { Ended } from '#libs/testing';

const starling = (...args: string[]): Promise<Ended> => runProgram({ script: 'dist/apps/cli/src/main.js', args });

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-configmap-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of an example that a test may change. */
async function copyExample(): Promise<string> {
  const folder = await makeFolder();
  await cp('examples/pipeline-js', folder, { recursive: true });
  return folder;
}

describe('starling configmap', () => {
  it('should print a ConfigMap whose files, as Kubernetes mounts them, are the same API', async () => {
    const { status, stdout } = await starling('configmap', 'examples/pipeline-js', '--name', 'boards-api');
    expect(status).toBe(0);
    const configMap = parse(stdout) as { kind: string; metadata: object; data: Record<string, string> };
    expect(configMap).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'boards-api' } });
    expect(Object.keys(configMap.data).filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))).toEqual([]);

    const mounted = await makeFolder();
    for (const [key, text] of Object.entries(configMap.data)) await writeFile(path.join(mounted, key), text);
    const load = (dir: string) => loadApiDefinition(dir, { variables: {}, standIn: (name) => name });
    const [given, made] = [await load('examples/pipeline-js'), await load(mounted)];
    expect([...made.resolvers.keys()]).toEqual([...given.resolvers.keys()]);
    expect([...made.functions.values()].map(({ handlers }) => handlers.files)).toEqual(
      [...given.functions.values()].map(({ handlers }) => handlers.files),
    );
    expect(made.local.try).toEqual(given.local.try);
  });

  it('should print values of the chart, with files by their path and every byte of them', async () => {
    const folder = await copyExample();
    await writeFile(path.join(folder, 'resolvers', 'odd.txt'), '\n  indented \n\ttab: #no comment\n\n\n');
    const { stdout } = await starling('configmap', folder, '--values');
    const { definition } = parse(stdout) as { definition: { files: Record<string, string> } };
    expect(Object.keys(definition.files)).toContain('functions/saveTask.js');
    for (const [name, text] of Object.entries(definition.files))
      expect(text).toBe(await readFile(path.join(folder, name), 'utf8'));
  });

  it('should leave out hidden files and packages', async () => {
    const folder = await copyExample();
    await mkdir(path.join(folder, '.git'));
    await mkdir(path.join(folder, 'node_modules'));
    for (const name of ['.env', '.git/config', 'node_modules/index.js']) await writeFile(path.join(folder, name), 'x');
    const { stdout } = await starling('configmap', folder, '--values');
    expect(stdout).not.toMatch(/\.env|\.git|node_modules/);
  });

  it('should print the faults of a definition and nothing else', async () => {
    const folder = await copyExample();
    await writeFile(path.join(folder, 'schema.graphql'), 'type Query { a: Strng }\n');
    const { status, stdout, stderr } = await starling('configmap', folder);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^schema\.graphql:1:\d+ .*Strng/m);
  });

  it.each<[string, string, string | Buffer, RegExp]>([
    [
      'what a ConfigMap is too small for',
      'large.json',
      'x'.repeat(1024 * 1024),
      /^The files have \d+ bytes .* definition\.volume/,
    ],
    ['a file that is no text', 'logo.png', Buffer.from([0x89, 0x50, 0xff]), /^logo\.png is not UTF-8/],
    ['a name that is no key', 'my notes.txt', 'x', /^my notes\.txt: a ConfigMap takes /],
    [
      'two names of one key',
      'functions__saveTask.js',
      'x',
      /^functions\/saveTask\.js and functions__saveTask\.js would be one key/,
    ],
  ])('should refuse %s', async (_, name, content, sentence) => {
    const folder = await copyExample();
    await writeFile(path.join(folder, name), content);
    const { status, stdout, stderr } = await starling('configmap', folder);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
  });

  it.each([[[]], [['a', 'b']], [['a', '--values', '--name', 'n']], [['a', '--vaules']]])(
    'should say how it is used when it is given %j',
    async (args) => {
      const { status, stderr } = await starling('configmap', ...args);
      expect(status).toBe(1);
      expect(stderr).toMatch(/Usage: starling configmap DIR/);
    },
  );
});
