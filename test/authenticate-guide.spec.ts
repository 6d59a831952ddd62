import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { parseIamAccess } from '#libs/identity';

const guide = await readFile(fileURLToPath(new URL('../docs/guides/authenticate.md', import.meta.url)), 'utf8');

/** Blocks of one language under their headings. */
function blocksOf(language: string): readonly { readonly heading: string; readonly text: string }[] {
  return guide.split(/^## /m).flatMap((section) => {
    const [heading = ''] = section.split('\n');
    const blocks = section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
    return [...blocks].map(([, text = '']) => ({ heading, text }));
  });
}

const definitions = blocksOf('yaml').filter(({ text }) => text.includes('authenticationType:'));
const variables = { STARLING_API_KEY: 'da2-abcdefghijklmnopqrstuvwxyz', LAMBDA_TOKEN: 'secret' };

/** A folder with what the guide says stands in it. */
async function writeApi(settings: string, schema: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-guide-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'starling.yaml'), `name: tasks\n${settings}`);
  await writeFile(path.join(folder, 'schema.graphql'), schema);
  await mkdir(path.join(folder, 'functions'));
  const authorizer = blocksOf('js').find(({ text }) => text.includes('isAuthorized'))!;
  await writeFile(path.join(folder, 'functions/authorizer.mjs'), authorizer.text);
  return folder;
}

describe('docs/guides/authenticate.md', () => {
  it('should have settings for each mode, and for several', () => {
    expect(definitions.map(({ heading }) => heading)).toEqual([
      'API keys',
      'A Cognito user pool',
      'An OpenID Connect issuer',
      'A Lambda authorizer',
      'AWS_IAM',
      'Several modes together',
    ]);
  });

  it.each(definitions)('should have settings that are right under $heading', async ({ text }) => {
    const folder = await writeApi(text, 'type Query { ping: ID }');
    const definition = await loadApiDefinition(folder, { variables });
    expect(definition.warnings).toEqual([]);
  });

  it('should have a schema that is right for its modes', async () => {
    const [schema] = blocksOf('graphql');
    const modes = definitions.find(({ heading }) => heading === schema!.heading)!;
    const folder = await writeApi(modes.text, `type Query { ping: ID }\n${schema!.text}`);
    const definition = await loadApiDefinition(folder, { variables });
    expect(definition.warnings).toEqual([]);
  });

  it('should have an access file that is right', () => {
    const [file] = blocksOf('yaml').filter(({ text }) => text.includes('accessKeys:'));
    expect([...parseIamAccess(file!.text).keys.keys()]).toEqual(['BACKEND1']);
  });
});
