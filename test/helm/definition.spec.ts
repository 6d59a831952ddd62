import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chart, render, root, tool, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

const files = { 'starling.yaml': 'name: boards\n', 'resolvers/Query.a.js': '// "quoted"\n\ttabbed: {{ .Values }}\n' };
const given: Values = { definition: { existingConfigMap: '', files } };
const volumeOf = async (values: Values) =>
  (await render(values)).pod('gateway').spec.volumes?.find(({ name }) => name === 'definition');

describe('the definition', { timeout: toolTimeoutMs }, () => {
  it('should be a ConfigMap of the files, byte by byte, with keys that Kubernetes takes', async () => {
    const rendered = await render(given);
    expect(rendered.one('ConfigMap', '-definition').data).toEqual({
      'starling.yaml': files['starling.yaml'],
      'resolvers__Query.a.js': files['resolvers/Query.a.js'],
    });
    expect(await volumeOf(given)).toEqual({ name: 'definition', configMap: { name: 'flock-starling-definition' } });
  });

  it('should be mounted where the settings name it', async () => {
    const rendered = await render(given);
    for (const component of ['api', 'gateway']) {
      const { mountPath } = rendered.container(component).volumeMounts.find(({ name }) => name === 'definition')!;
      expect(rendered.env(component)).toMatchObject({ STARLING_API: mountPath, STARLING_API_RELOAD_MS: '5000' });
    }
  });

  it('should be changed without replacing pods, unless they do not look at it', async () => {
    const templates = async (values: Values) => (await render(values)).pods.map(({ metadata }) => metadata);
    const changed: Values = { definition: { existingConfigMap: '', files: { ...files, 'resolvers/Query.b.js': '' } } };
    expect(await templates(changed)).toEqual(await templates(given));

    const unwatched = (values: Values): Values => ({ definition: { ...(values.definition as Values), reloadMs: 0 } });
    expect(await templates(unwatched(changed))).not.toEqual(await templates(unwatched(given)));
  });

  it('should be one that is there', async () => {
    const rendered = await render();
    expect(rendered.all.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)).toEqual([
      'flock-starling-test',
    ]);
    expect(await volumeOf({})).toEqual({ name: 'definition', configMap: { name: 'boards' } });
  });

  it('should be any volume', async () => {
    const volume = { persistentVolumeClaim: { claimName: 'api' } };
    expect(await volumeOf({ definition: { existingConfigMap: '', volume } })).toEqual({
      name: 'definition',
      ...volume,
    });
  });

  it('should be taken file by file from the command line', async () => {
    const example = path.join(root, 'examples', 'boards');
    const sets = ['starling.yaml', 'resolvers/Query.getTasks.request.vtl'].flatMap((name) => [
      '--set-file',
      `definition.files.${name.replaceAll('.', '\\.')}=${path.join(example, name)}`,
    ]);
    const args = ['template', 'flock', chart, '--show-only', 'templates/definition-configmap.yaml'];
    const { stdout } = await promisify(execFile)(await tool('helm.mjs'), [
      ...args,
      '--set',
      'redis.trial.enabled=true',
      ...sets,
    ]);
    expect((parse(stdout) as { data: object }).data).toEqual({
      'starling.yaml': await readFile(path.join(example, 'starling.yaml'), 'utf8'),
      'resolvers__Query.getTasks.request.vtl': await readFile(
        path.join(example, 'resolvers/Query.getTasks.request.vtl'),
        'utf8',
      ),
    });
  });
});
