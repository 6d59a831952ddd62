// Generated files: written, or with --check compared with what is there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/**
 * Writes `files`, a record of texts by their path in the repository; where the process was started with --check, it only says which of
 * them differ, and the process ends with status 1. `script` is what to run then.
 */
export function writeOrCompare(files, script) {
  const isCheck = process.argv.includes('--check');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (isCurrent) continue;
    if (isCheck) {
      process.stderr.write(`${name} is not what its source makes of it. Run: node ${script}\n`);
      process.exitCode = 1;
    } else {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      process.stderr.write(`${name} is written.\n`);
    }
  }
}
