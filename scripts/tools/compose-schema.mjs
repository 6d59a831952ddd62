// The schema of compose files, as `docker compose` checks them: prints the path of the file.
import path from 'node:path';
import { moduleFolder, printWhenMain } from './go-tool.mjs';

/** Path of compose-spec.json. Its module is what `docker compose` reads files with; it is fetched, not compiled. */
export async function ensureComposeSchema() {
  return path.join(
    await moduleFolder('github.com/compose-spec/compose-go/v2', 'v2.16.2'),
    'schema',
    'compose-spec.json',
  );
}

await printWhenMain(import.meta.url, ensureComposeSchema);
