// npm start, npm run start:api, start:gateway and token: prepares the clone and runs one of the programs.
import process from 'node:process';
import { prepare, runOnProjectNode } from './prepare.mjs';

const programs = {
  standalone: 'dist/apps/standalone/src/main.js',
  token: 'dist/apps/standalone/src/token.js',
  subscribe: 'dist/apps/standalone/src/subscribe.js',
  cli: 'dist/apps/cli/src/main.js',
  api: 'dist/apps/api/src/main.js',
  gateway: 'dist/apps/gateway/src/main.js',
};

const given = process.argv.slice(2);
const name = given[0] === '--app' ? given[1] : 'standalone';

try {
  await prepare();
  runOnProjectNode(programs[name], given[0] === '--app' ? given.slice(2) : given);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
