import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root, toolTimeoutMs } from './chart.js';

const run = promisify(execFile);

it.each(['generate.mjs', 'render-manifests.mjs'])(
  'should be what scripts/chart/%s makes of the values and templates of now',
  async (script) => {
    await expect(
      run(process.execPath, [path.join(root, 'scripts', 'chart', script), '--check']),
    ).resolves.toMatchObject({ stderr: '' });
  },
  toolTimeoutMs,
);
