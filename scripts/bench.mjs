// npm run bench: prepares the clone and runs the measurements; bench/run/arguments.ts says which arguments there are.
import process from 'node:process';
import { prepare, runOnProjectNode } from './prepare.mjs';

try {
  await prepare();
  runOnProjectNode('dist/bench/run/main.js', process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
