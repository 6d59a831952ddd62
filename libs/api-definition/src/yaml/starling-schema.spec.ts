import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { starlingSchema } from './starling-schema.js';

const published = fileURLToPath(new URL('../../../../docs/reference/starling.schema.json', import.meta.url));
const page = fileURLToPath(new URL('../../../../docs/reference/starling-yaml.md', import.meta.url));

it('should be published as it is (vitest run libs/api-definition -u writes the copy)', async () => {
  const options = { ...(await resolveConfig(published)), filepath: published };

  await expect(await format(JSON.stringify(starlingSchema), options)).toMatchFileSnapshot(published);
});

it('should have every key described in its page, and no other', async () => {
  const text = await readFile(page, 'utf8');
  const described = new Set([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key));

  expect([...described].sort()).toEqual([...keysOf(starlingSchema)].sort());
});

/** Names of all properties, at any depth. */
function keysOf(schema: object, found = new Set<string>()): Set<string> {
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'if' || keyword === 'then') continue;
    if (keyword === 'properties') for (const key of Object.keys(value as object)) found.add(key);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) keysOf(value as object, found);
  }
  return found;
}
