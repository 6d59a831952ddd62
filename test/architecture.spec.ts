import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the architecture', () => {
  it('should keep to the directions of docs/adr/0001', { timeout: 120_000 }, async () => {
    const { stdout } = await depcruise('.dependency-cruiser.cjs');
    const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: Violation[] } };
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    // Were imports not resolved, there would be nothing to violate.
    expect(summary.totalCruised).toBeGreaterThan(100);
  });

  it('should be able to see a direction that is broken', { timeout: 120_000 }, async () => {
    const { stdout } = await depcruise('test/fixtures/forbid-execution.cjs');
    const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
    expect(summary.violations.length).toBeGreaterThan(0);
  });
});

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

/** Runs dependency-cruiser; violations make it exit with their number, which is no failure to run. */
async function depcruise(config: string): Promise<{ stdout: string }> {
  const args = [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    config,
    '--output-type',
    'json',
    'libs',
    'apps',
  ];
  try {
    return await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return { stdout };
  }
}
