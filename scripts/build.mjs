// npm run build: installs and builds what is missing.
import process from 'node:process';
import { prepare } from './prepare.mjs';

await prepare().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
