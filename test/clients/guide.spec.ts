import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { clients } from './clients.js';

const root = new URL('../../', import.meta.url);
const read = (file: string): Promise<string> => readFile(fileURLToPath(new URL(file, root)), 'utf8');
const page = await read('docs/guides/clients.md');

/** The lines of a text, without what goes before and after. */
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());

describe.each(clients)('what docs/guides/clients.md says of $name', ({ name, folder, module, protocol }) => {
  it('should be of the package that is tested', async () => {
    const { name: packageName, version } = JSON.parse(await read(`node_modules/${folder}/package.json`)) as {
      name: string;
      version: string;
    };
    const row = page.split('\n').find((line) => line.startsWith(`| [${name}]`));
    const [, , named, tested, subprotocol] = row?.split('|').map((cell) => cell.trim()) ?? [];
    expect([named, tested]).toEqual([`\`${packageName}\``, version]);
    expect(subprotocol).toContain(`\`${protocol}\``);
  });

  it('should be the configuration that is tested', async () => {
    const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`));
    const [, code = ''] = /^```ts\n(.*?)^```/ms.exec(section ?? '') ?? [];
    const shown = lines(code).filter(Boolean);
    // Beside Amplify 6, Amplify 5 has another name.
    const tested = lines((await read(`test/clients/adapters/${module}`)).replaceAll('aws-amplify-v5', 'aws-amplify'));
    expect(shown.length).toBeGreaterThan(4);
    expect(shown.filter((line) => !tested.includes(line))).toEqual([]);
  });
});
