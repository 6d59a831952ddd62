import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { extensions, unavailableExtensions } from '../src/extensions.js';
import { aiModule } from '../src/modules/ai/index.js';
import { dynamodbModule } from '../src/modules/dynamodb/index.js';
import type { ModuleMember } from '../src/modules/module-member.js';
import { isTemplateTag } from '../src/modules/module-member.js';
import { rdsModule } from '../src/modules/rds/index.js';
import { jsUtil, languagesOf, util } from '../src/util/index.js';

const page = readFileSync(new URL('../../../docs/reference/resolvers.md', import.meta.url), 'utf8');

/** The text under a heading, up to the next heading of its level or above. */
function sectionOf(heading: string): string {
  const level = heading.slice(0, heading.indexOf(' '));
  const [, rest = ''] = page.split(`\n${heading}\n`);
  return rest.split(new RegExp(`\\n#{1,${level.length}} `))[0] ?? '';
}

/** The first two cells of each row of the section's tables. */
function rowsOf(heading: string): [string, string][] {
  return [...sectionOf(heading).matchAll(/^\| `([\w.]+)` \| (.*?) \|/gm)].map(([, name = '', cell = '']) => [
    name,
    cell,
  ]);
}

/** `operations.add` and the like, for every function of a module. */
function pathsOf(members: Readonly<Record<string, ModuleMember>>, prefix = ''): string[] {
  return Object.entries(members).flatMap(([name, member]) =>
    typeof member === 'function' || isTemplateTag(member) ? [prefix + name] : pathsOf(member, `${prefix}${name}.`),
  );
}

describe('docs/reference/resolvers.md', () => {
  it('should list every function of util and extensions with its languages, and no other', () => {
    const functions = Object.entries(util).flatMap(([namespace, members]) =>
      Object.keys(members).map((name): [string, string] => [
        namespace === '' ? name : `${namespace}.${name}`,
        languagesOf(namespace, name).join(', '),
      ]),
    );
    const ofVtl: [string, string][] = [
      ['qr', 'VTL'],
      ['quiet', 'VTL'],
    ];
    const ofExtensions = Object.keys(extensions).map((name): [string, string] => [`extensions.${name}`, 'VTL, JS']);
    expect(rowsOf('## util').toSorted()).toEqual([...functions, ...ofVtl, ...ofExtensions].toSorted());
  });

  it('should name what is not there', () => {
    for (const name of unavailableExtensions) {
      expect(sectionOf('## util')).toContain(`\`extensions.${name}\``);
    }
  });

  it.each([
    ['dynamodb', dynamodbModule],
    ['rds', rdsModule],
    ['ai', aiModule],
  ])('should list every export of @aws-appsync/utils/%s, and no other', (name, module) => {
    const listed = rowsOf(`### @aws-appsync/utils/${name}`).map(([path]) => path);
    expect(listed.toSorted()).toEqual(pathsOf(module).toSorted());
  });
});

describe('jsUtil', () => {
  it('should have the functions of JS and no others', () => {
    expect(Object.keys(jsUtil)).not.toContain('list');
    expect(Object.keys(jsUtil['str'] ?? {})).toEqual(['normalize']);
    expect(Object.keys(jsUtil['rds'] ?? {})).toEqual(['toJsonObject']);
    expect(jsUtil['']).toHaveProperty('error');
    expect(jsUtil['']).not.toHaveProperty('toJson');
  });
});
