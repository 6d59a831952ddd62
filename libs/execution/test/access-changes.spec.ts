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
  const writeKeys = (ids: readonly string[], allow = 'Query.task'): Promise<void> =>
    writeFile(
      file,
      JSON.stringify({
        accessKeys: ids.map((accessKeyId) => ({
          accessKeyId,
          secretAccessKey: 'secret-of-the-backend',
          allow: [allow],
        })),
      }),
    );
  await writeKeys(['AKIABACKEND', 'AKIANIGHTLY']);
  const definition = await loadApiDefinition(folder, { variables: {} });
  const onProviderFault = vi.fn<(error: Error, text: string) => void>();
  const reloadable = createReloadableApi(definition, { iamCredentialsFile: file, onProviderFault });
  onTestFinished(async () => {
    vi.useRealTimers();
    await reloadable.close();
    await rm(folder, { recursive: true });
  });
  const onChanged = vi.fn();
  reloadable.api.onAccessChanged(onChanged);

  reloadable.replace(definition);
  await writeKeys(['AKIABACKEND']);
  vi.advanceTimersByTime(5_000);
  await vi.waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  expect(onProviderFault).not.toHaveBeenCalled();

  await writeKeys(['AKIABACKEND'], 'Query.tsk');
  await vi.waitFor(() => {
    vi.advanceTimersByTime(5_000);
    expect(onProviderFault.mock.calls).toEqual([
      [
        new Error('No type has a field that these match: line 1, accessKeys[0].allow[0]: "Query.tsk".'),
        'The IAM access file names fields that the schema does not have',
      ],
    ]);
  });
});
