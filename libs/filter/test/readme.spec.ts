import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { FilterIndex, parseFilterGroup } from '../src/index.js';

it('should do what the example of the README says', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const [imported, ...rest] = example.split('\n');
  expect(imported).toBe("import { FilterIndex, parseFilterGroup } from '#libs/filter';");
  const log = vi.fn();
  runInNewContext(stripTypeScriptTypes(rest.join('\n')), { FilterIndex, parseFilterGroup, console: { log } });
  expect(log.mock.calls).toStrictEqual([['jdoe']]);
});
