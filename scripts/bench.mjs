// npm run bench: prepares the clone and runs the measurements one after another. `npm run bench -- delivery` runs those whose
// name has the word.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { prepare, projectNode, root } from './prepare.mjs';

try {
  await prepare();
  const wanted = process.argv[2] ?? '';
  const names = readdirSync(path.join(root, 'bench')).filter((file) => file.endsWith('.ts') && file.includes(wanted));
  for (const name of names) {
    process.stdout.write(`\n${name}\n`);
    await run(path.join('dist', 'bench', name.replace(/\.ts$/, '.js')));
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function run(script) {
  return new Promise((resolve, reject) => {
    const child = spawn(projectNode, ['--expose-gc', script], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} failed with status ${code}`))));
  });
}
