import { describe, expect, it, vi } from 'vitest';
import { CurrentApi } from './current-api.js';
import type { ExecutableApi } from './executable-api.js';

const [first, second] = ['first', 'second'].map((name) => ({ schema: { name } }) as unknown as ExecutableApi);

describe('the API of the moment', () => {
  it('should be the one that replaced the others, and tell of the change when it is made', () => {
    const current = new CurrentApi(first!);
    const seen: unknown[] = [];
    current.onReplaced((before, after) => seen.push([before, after, current.api]));
    current.replace(second!);
    expect([current.api, current.schema]).toEqual([second, second!.schema]);
    expect(seen).toEqual([[first, second, second]]);
  });

  it('should have what is made of it made once, when it is asked for', () => {
    const current = new CurrentApi(first!);
    const make = vi.fn((api: ExecutableApi) => ({ api }));
    const derived = current.derive(make);
    expect(make).not.toHaveBeenCalled();
    const ofFirst = derived();
    expect(derived()).toBe(ofFirst);
    current.replace(second!);
    expect(derived()).toEqual({ api: second });
    expect(ofFirst).toEqual({ api: first });
    expect(make).toHaveBeenCalledTimes(2);
  });
});
