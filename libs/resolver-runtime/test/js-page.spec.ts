import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callbackMethods } from '../src/appsync-js/builtins/callback-methods.js';
import { globals, globalValues, modules } from '../src/appsync-js/builtins/index.js';
import { listMethods } from '../src/appsync-js/builtins/list-methods.js';
import { textMethods } from '../src/appsync-js/builtins/text-methods.js';
import cases from './js-builtins.json' with { type: 'json' };

const page = readFileSync(new URL('../../../docs/reference/resolvers.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('\n### Built-ins\n');
const rows = new Map(
  [...section.split('\n### ')[0]!.matchAll(/^\| (.*?) \| `(.*?)`.*\|$/gm)].map(([, on = '', names = '']) => [
    on.replaceAll('`', ''),
    names.split(' '),
  ]),
);

const namesOf = (root: string): string[] => {
  const builtin = globals.get(root);
  return builtin?.kind === 'namespace' ? [...builtin.members.keys()] : [];
};
const namespaces = ['Object', 'Math', 'Number', 'JSON', 'console', 'runtime'];

describe('the built-ins in docs/reference/resolvers.md', () => {
  it.each([
    ['values', [...globalValues.keys()]],
    ['string', [...textMethods.keys()]],
    ['array', [...listMethods.keys()]],
    ['array, with a function', [...callbackMethods.keys()]],
    ...namespaces.map((name): [string, string[]] => [name, namesOf(name)]),
  ])('should be those that handlers have: %s', (on, names) => {
    expect(rows.get(on)?.toSorted()).toEqual(names.toSorted());
  });

  it('should be all that is there without an import, but util and extensions', () => {
    expect([...globals.keys()].toSorted()).toEqual([...namespaces, 'extensions', 'util'].toSorted());
  });

  it('should each have a case', () => {
    const text = JSON.stringify(cases);
    const paths = ['Object', 'Math', 'Number', 'JSON'].flatMap((root) =>
      namesOf(root).map((name) => `${root}.${name}(`),
    );
    const methods = [...textMethods.keys(), ...listMethods.keys(), ...callbackMethods.keys()].map(
      (name) => `.${name}(`,
    );
    expect([...paths, ...methods].filter((call) => !text.includes(call))).toEqual([]);
  });

  it('should name every module', () => {
    for (const name of modules.keys()) {
      expect(page).toContain(name);
    }
  });
});
