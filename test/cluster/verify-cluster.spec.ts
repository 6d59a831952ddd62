import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runProgram } from '#libs/testing';
import type { Ended } from '#libs/testing';
import { crests } from '../../deploy/cluster/memory.mjs';
import { lineOf, withResults } from '../../deploy/cluster/summary.mjs';

const verify = (...args: string[]): Promise<Ended> => runProgram({ script: 'deploy/cluster/main.mjs', args });

describe('deploy/verify-cluster', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown row', ['sook'], /^There is no row "sook", only install, stories, soak/],
    ['an unknown flag', ['--fast'], /Unknown option '--fast'/],
    ['a length that is no time', ['--soak', '10'], /^--soak must be a time such as 10m, not "10"\./],
    ['no number of connections', ['--connections', 'many'], /^--connections must be a whole number/],
  ])('should refuse %s with a sentence', async (_, args, sentence) => {
    const { status, stderr } = await verify(...args);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(1);
  });

  it('should say what to set where there is no cluster', async () => {
    const { status, stderr } = await verify('install');
    expect(stderr).toContain('There is no cluster. Set KUBECONFIG to the file of one, or CLUSTER_TOOLS');
    expect(status).toBe(1);
  });

  it('should list every row and flag', async () => {
    const { status, stdout } = await verify('--help');
    expect(status).toBe(0);
    for (const word of ['install', 'rolling-restart', 'bad-input', '--soak', '--quick', '--write', '--keep']) {
      expect(stdout).toContain(word);
    }
  });
});

describe("a gateway's memory", () => {
  const everyMinutes = 1 / 6;

  /** Ten minutes, with what the collector makes of them: up by 16 MiB in two and a half minutes, and down again at once. */
  const run = (growsBy: number, phase: number): number[] =>
    Array.from({ length: 60 }, (_, index) => {
      const minutes = index * everyMinutes;
      const warmingUp = 20 * Math.exp(-2 * minutes);
      return (150 - warmingUp + growsBy * minutes + 16 * (((minutes + phase) / 2.5) % 1)) * 2 ** 20;
    });

  it.each([0, 0.5, 1, 1.5, 2])('should be flat where only waves go through it, whenever they begin: %s', (phase) => {
    const { laterMiB, isFlat } = crests(run(0, phase));
    expect(laterMiB).toBeGreaterThan(164);
    expect(isFlat).toBe(true);
  });

  it.each([0, 0.5, 1, 1.5, 2])('should not be where it grows steadily, whenever waves begin: %s', (phase) => {
    expect(crests(run(3, phase)).isFlat).toBe(false);
  });
});

describe('the table of a run', () => {
  const page = 'Before.\n\n<!-- verify-cluster -->\n\n<!-- /verify-cluster -->\n\nAfter.\n';
  const about = { titles: ['One', 'Two'], commit: 'abc1234', where: 'Here:', now: new Date('2026-03-04T05:06:07Z') };

  it('should stand between the markers, in the order of the rows, and keep what another run has shown', () => {
    const first = withResults(page, [{ title: 'Two', seen: 'all | of it', faults: [] }], about);
    const both = withResults(first, [{ title: 'One', seen: 'some', faults: ['not\nthat'] }], {
      ...about,
      commit: 'def5678',
    });
    expect(both).toBe(
      [
        'Before.',
        '',
        '<!-- verify-cluster -->',
        '',
        'Here:',
        '',
        '| what | result | run | seen |',
        '| --- | --- | --- | --- |',
        '| One | FAIL | 2026-03-04, def5678 | some; not that |',
        '| Two | pass | 2026-03-04, abc1234 | all \\| of it |',
        '',
        '<!-- /verify-cluster -->',
        '',
        'After.',
        '',
      ].join('\n'),
    );
  });

  it('should have its place in the guide', async () => {
    const guide = await readFile('docs/guides/kubernetes.md', 'utf8');
    expect(withResults(guide, [{ title: 'One', seen: 'this', faults: [] }], about)).toContain('| One | pass |');
  });

  it('should name every fault of a row below it', () => {
    expect(lineOf({ name: 'soak', title: 'Soak', seen: 'much', faults: ['lost 3', 'late'], seconds: 61 })).toBe(
      'FAIL  soak               61 s  much\n      lost 3\n      late',
    );
  });
});
