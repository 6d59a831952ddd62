// npm test: prepares the clone, runs every test, and ends with one line that counts them. Arguments go to vitest.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { prepare, projectNode, root } from './prepare.mjs';

try {
  await prepare();
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function runTests(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'starling-test-'));
  const report = path.join(folder, 'report.json');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const flags = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args];
  const child = spawn(projectNode, [vitest, ...flags], { cwd: root, stdio: 'inherit', env: withProjectNode() });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const status = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that fails to load has no tests that could fail; it is a failure all the same.
    const failed = Math.max(numFailedTests, status === 0 ? 0 : 1, numFailedTests === 0 ? numFailedTestSuites : 0);
    process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
    return status === 0 && numPassedTests > 0 && failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests that start programs find the project's Node first, as npm's scripts do. */
function withProjectNode() {
  return { ...process.env, PATH: `${path.dirname(projectNode)}${path.delimiter}${process.env.PATH}` };
}
