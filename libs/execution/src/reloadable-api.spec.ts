import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition } from '#libs/api-definition';
import { readCredentials } from '#libs/identity';
import { createReloadableApi } from './reloadable-api.js';

interface Given {
  readonly name?: string;
  readonly key?: string;
  readonly provider?: string;
}

async function define({ name = 'tasks', key = 'da2-first', provider = '' }: Given = {}): Promise<ApiDefinition> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-reloadable-'));
  try {
    const settings = `name: ${name}\nauthenticationType: API_KEY\napiKeys: [{ id: default, key: ${key} }]\n${provider}`;
    await writeFile(join(folder, 'starling.yaml'), settings);
    await writeFile(join(folder, 'schema.graphql'), 'type Query { task: ID }');
    return await loadApiDefinition(folder, { variables: {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function setUp() {
  const first = await define();
  const reloadable = createReloadableApi(first, {});
  onTestFinished(() => reloadable.close());
  const knows = async (key: string): Promise<boolean> => {
    const asked = reloadable.authenticator.authenticate(readCredentials({ 'x-api-key': key }, []));
    return asked.then(
      () => true,
      () => false,
    );
  };
  return { first, reloadable, knows };
}

describe('an API that can be replaced', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('should be served with the ways to authenticate of its own', async () => {
    const { reloadable, knows } = await setUp();
    expect([await knows('da2-first'), await knows('da2-second')]).toEqual([true, false]);
    const second = await define({ key: 'da2-second' });
    reloadable.replace(second);
    expect(reloadable.api.api.definition).toBe(second);
    expect([await knows('da2-first'), await knows('da2-second')]).toEqual([false, true]);
  });

  it.each([
    ['has another name', { name: 'boards' }, 'The API is named boards now, and tasks where it is served'],
    [
      'needs what the settings lack',
      { provider: 'additionalAuthenticationProviders: [{ authenticationType: AWS_IAM }]\n' },
      'The API tasks cannot be served here',
    ],
  ])('should be served on where the new one %s', async (_name, given, message) => {
    const { first, reloadable, knows } = await setUp();
    const next = await define({ ...given, key: 'da2-second' });
    expect(() => reloadable.replace(next)).toThrow(message);
    expect(reloadable.api.api.definition).toBe(first);
    expect(await knows('da2-first')).toBe(true);
  });

  it('should leave the former one open for as long as a request may take', async () => {
    const { first, reloadable } = await setUp();
    reloadable.replace(await define());
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(first.limits.requestTimeoutMs);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('should close those of before with itself', async () => {
    const { reloadable } = await setUp();
    reloadable.replace(await define());
    await reloadable.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
