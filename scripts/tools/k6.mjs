// node scripts/tools/k6.mjs prints the path of k6, which is built with Go where it is missing.
import { ensureGoTool, printWhenMain } from './go-tool.mjs';

/** Path of k6, which puts load on a server. */
export function ensureK6() {
  return ensureGoTool({ name: 'k6', package: 'go.k6.io/k6', version: 'v1.8.1', versionArgs: ['version'] });
}

await printWhenMain(import.meta.url, ensureK6);
