import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { createReloadableApi } from '../src/index.js';

it('should be told once of access keys that have changed, also after the definition was replaced', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const folder = await mkdtemp(join(tmpdir(), 'starling-access-'));
  await writeFile(join(folder, 'starling.yaml'), 'name: tasks\nauthenticationType: AWS_IAM\ndataSources: []\n');
  await writeFile(join(folder, 'schema.graphql'), 'type Query { task: String }');
  const file = join(folder, 'access.json');
  const writeKeys = (...ids: readonly string[]): Promise<void> =>
    writeFile(
      file,
      JSON.stringify({
        accessKeys: ids.map((accessKeyId) => ({ accessKeyId, secretAccessKey: 'secret-of-the-backend', allow: ['*'] })),
      }),
    );
  await writeKeys('AKIABACKEND', 'AKIANIGHTLY');
  const definition = await loadApiDefinition(folder, { variables: {} });
  const reloadable = createReloadableApi(definition, { iamCredentialsFile: file });
  onTestFinished(async () => {
    vi.useRealTimers();
    await reloadable.close();
    await rm(folder, { recursive: true });
  });
  const onChanged = vi.fn();
  reloadable.api.onAccessChanged(onChanged);

  reloadable.replace(definition);
  await writeKeys('AKIABACKEND');
  vi.advanceTimersByTime(5_000);
  await vi.waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
});
