import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { apiSettings, describeSettings, gatewaySettings, standaloneSettings } from '#libs/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The text of docs/reference/environment.md, made from the settings. `vitest -u test/documentation` writes it. */
function environmentPage(): string {
  const tables = [
    ['The api', 'npm run start:api', apiSettings],
    ['The gateway', 'npm run start:gateway', gatewaySettings],
    ['On a laptop', 'npm start', standaloneSettings],
  ] as const;
  const sections = tables.map(([title, command, settings]) => {
    const rows = describeSettings(settings).map(({ name, isRequired, defaultText, description }) => {
      const standing = isRequired ? 'required' : defaultText && `\`${defaultText}\``;
      return `| \`${name}\` | ${standing} | ${description.replaceAll('<', '\\<')} |`;
    });
    return [
      `## ${title} (\`${command}\`)`,
      '',
      '| variable | default | meaning |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  const intro = [
    '# Environment variables',
    '',
    'Settings of the processes. They are checked at the start: all faults are listed, and the process ends with status 1. An empty',
    'variable counts as unset. What belongs to an API stands in its [starling.yaml](starling-yaml.md), which may name further',
    'variables as `${NAME}`. The AWS SDK reads its own (`AWS_ACCESS_KEY_ID`, `AWS_PROFILE` and so on), and so does the exporter of',
    '[traces](traces.md) (`OTEL_EXPORTER_OTLP_HEADERS` and so on).',
  ].join('\n');
  return `${[intro, ...sections].join('\n\n')}\n`;
}

describe('the documentation', () => {
  it('should list every setting of every process', async () => {
    await expect(environmentPage()).toMatchFileSnapshot(path.join(root, 'docs/reference/environment.md'));
  });

  it('should have no link to a file that is not there', async () => {
    const files = await pages();
    expect(files.length).toBeGreaterThan(10);
    const broken: string[] = [];
    for (const file of files) {
      for (const [, target] of (await readFile(file, 'utf8')).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (!existsSync(path.resolve(path.dirname(file), target!)))
          broken.push(`${path.relative(root, file)} → ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('should have no link to a heading that is not there', async () => {
    const broken: string[] = [];
    let links = 0;
    for (const file of await pages()) {
      const page = await readFile(file, 'utf8');
      for (const [, target, anchor] of page.matchAll(/\]\((?!https?:)([^)#\s]*\.md|)#([^)]*)\)/g)) {
        links += 1;
        const to = target ? path.resolve(path.dirname(file), target) : file;
        if (!existsSync(to)) continue;
        if (!anchorsOf(await readFile(to, 'utf8')).has(anchor!)) {
          broken.push(`${path.relative(root, file)} → ${target}#${anchor}`);
        }
      }
    }
    expect(links).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });
});

/** Every page of the repository. */
async function pages(): Promise<readonly string[]> {
  return (await readdir(root, { recursive: true }))
    .filter((file) => file.endsWith('.md') && !/node_modules|^dist|\.starling/.test(file))
    .map((file) => path.join(root, file));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const withoutCode = page.replace(/^```.*?^```/gms, '');
  return new Set(
    [...withoutCode.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
