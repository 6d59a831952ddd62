import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram } from '#libs/testing';
import type { Ended } from '#libs/testing';
import { all, run, start, until } from '../../deploy/cluster/command.mjs';
import type { StartedProgram } from '../../deploy/cluster/command.mjs';
import { useLoad } from '../../deploy/cluster/load-test.mjs';
import { crests, verdictOn } from '../../deploy/cluster/memory.mjs';
import { busiest } from '../../deploy/cluster/requests.mjs';
import { changedSince, currentCommit } from '../../deploy/cluster/sources.mjs';
import { readStories } from '../../deploy/cluster/story-report.mjs';
import { lineOf, withResults } from '../../deploy/cluster/summary.mjs';

const folders: string[] = [];
const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'verify-cluster-spec-'));
  folders.push(folder);
  return folder;
};

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

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

describe('a program that a row runs', () => {
  it('should end with 127, and say so, where it is not installed', async () => {
    const program = start('no-such-program', []);
    expect(await program.ended).toBe(127);
    expect(program.output).toContain('no-such-program ENOENT');
    await expect(run('no-such-program', ['now'])).rejects.toThrow(/no-such-program now … ended with 127:\n.*ENOENT/);
  });

  it('should be ended when it takes too long, even if it has left another behind', async () => {
    const asleep = run('bash', ['-c', 'sleep 8 & sleep 8'], { timeoutMs: 50 });
    const began = Date.now();
    await expect(asleep).rejects.toThrow('bash -c sleep 8 & sleep 8 … took more than 0.05 s');
    expect(Date.now() - began).toBeLessThan(4_000);
  });

  it('should not be waited for once it has ended', async () => {
    const program = start('no-such-program', []);
    const serves = until('it serves', () => false, { of: program, everyMs: 10 });
    await expect(serves).rejects.toThrow(/Not before the program ended with 127: it serves\n.*ENOENT/);
  });

  it('should have ended, as all others, before the failure of one is told', async () => {
    let hasEnded = false;
    const slow = run('sleep', ['0.2']).then(() => (hasEnded = true));
    await expect(all<unknown>([Promise.reject(new Error('the first')), slow])).rejects.toThrow('the first');
    expect(hasEnded).toBe(true);
  });
});

describe('a row with load', () => {
  /** Says that it publishes at once; told to end, it leaves a summary, as k6 does. */
  const k6 = async (): Promise<{ program: StartedProgram; summary: string }> => {
    const summary = path.join(await temporaryFolder(), 'soak.json');
    const script = `
      const { writeFileSync } = require('node:fs');
      process.once('SIGINT', () => { writeFileSync(${JSON.stringify(summary)}, '{"counts":1}'); process.exit(); });
      console.log('between 0 and 1');
      setInterval(() => undefined, 1_000);`;
    return { program: start(process.execPath, ['-e', script]), summary };
  };

  it('should end k6 when it fails', async () => {
    const started = await k6();
    const row = useLoad(started, async ({ publishing }) => {
      await publishing;
      throw new Error('no pod');
    });
    await expect(row).rejects.toThrow('no pod');
    expect(started.program.status).toBe(0);
  });

  it('should be given the summary when the run is over', async () => {
    const started = await k6();
    const counts = await useLoad(started, async ({ publishing, done }) => {
      await publishing;
      started.program.kill('SIGINT');
      return done;
    });
    expect(counts).toEqual({ counts: 1 });
  });

  it('should fail with what k6 has said, and leave no rejection behind, where that ends before it publishes', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const program = start(process.execPath, ['-e', 'console.error("no address"); process.exit(107)']);
      const row = useLoad({ program, summary: '/nowhere/soak.json' }, ({ publishing }) => publishing);
      await expect(row).rejects.toThrow(/ended with 107: k6 has set up\nno address/);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});

describe("a gateway's memory", () => {
  const everyMinutes = 1 / 6;

  /** Ten minutes, with what the collector makes of them: up by 16 MiB in two and a half minutes, and down again at once. */
  const looksOf = (growsBy: number, phase: number): number[] =>
    Array.from({ length: 60 }, (_, index) => {
      const minutes = index * everyMinutes;
      const warmingUp = 20 * Math.exp(-2 * minutes);
      return (150 - warmingUp + growsBy * minutes + 16 * (((minutes + phase) / 2.5) % 1)) * 2 ** 20;
    });

  it.each([0, 0.5, 1, 1.5, 2])('should be flat where only waves go through it, whenever they begin: %s', (phase) => {
    const { laterMiB, isFlat } = crests(looksOf(0, phase));
    expect(laterMiB).toBeGreaterThan(164);
    expect(isFlat).toBe(true);
  });

  it.each([0, 0.5, 1, 1.5, 2])('should not be where it grows steadily, whenever waves begin: %s', (phase) => {
    expect(crests(looksOf(3, phase)).isFlat).toBe(false);
  });

  it('should not be called flat after too few looks to tell', () => {
    expect(crests([1e8, 9e8]).isFlat).toBe(false);
    expect(verdictOn({ looks: [1e8, 9e8], expected: 2 }).fault).toContain('read 2 times in the run, and 10 times are');
    const third = looksOf(0, 0).slice(0, 20);
    expect(verdictOn({ looks: third, expected: 60 }).fault).toContain('read 20 times in the run, and 30 times are');
  });

  it('should be told with its crests', () => {
    expect(verdictOn({ looks: looksOf(0, 0), expected: 60 })).toEqual({ seen: '165 and 165', fault: undefined });
    expect(verdictOn({ looks: looksOf(3, 0), expected: 60 }).fault).toMatch(/grows: up to \d+ MiB, and later to \d+$/);
  });
});

describe('the api that is killed', () => {
  it('should be the one that has answered most since the load began', () => {
    const before = new Map([
      ['one', 900],
      ['two', 10],
    ]);
    const after = new Map([
      ['one', 900],
      ['two', 60],
    ]);
    expect(busiest(before, after)).toEqual({ name: 'two', requests: 50 });
  });
});

describe('the stories of a run', () => {
  const test = (ancestor: string, title: string, status: string, failureMessages: string[] = []) => ({
    ancestorTitles: [ancestor],
    fullName: `${ancestor} ${title}`,
    status,
    failureMessages,
  });

  it('should name the protocols and clients of what has passed', () => {
    const report = {
      testResults: [
        {
          message: '',
          assertionResults: [test('over graphql-ws', 'one', 'passed'), test('over graphql-ws', 'two', 'passed')],
        },
        { message: '', assertionResults: [test('an unmodified urql through one front over TLS', 'one', 'passed')] },
      ],
    };
    expect(readStories(report)).toEqual({ passed: 3, protocols: ['graphql-ws'], clients: ['urql'], faults: [] });
  });

  it('should have a fault for each that did not pass, and for a file that could not be read', () => {
    const assertionResults = [
      test('over sse', 'one', 'failed', ['expected 1\nat line 3']),
      test('over sse', 'two', 'skipped'),
      test('over sse', 'three', 'todo'),
    ];
    const { passed, protocols, faults } = readStories({ testResults: [{ message: 'no such file', assertionResults }] });
    expect({ passed, protocols }).toEqual({ passed: 0, protocols: [] });
    expect(faults).toEqual([
      'no such file',
      'over sse one: expected 1',
      'over sse two: skipped',
      'over sse three: todo',
    ]);
  });
});

describe('the commit that a table names', () => {
  it('should be what was run, but for documents', async () => {
    const folder = await temporaryFolder();
    const git = (...args: string[]): Promise<string> =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], { cwd: folder });
    await mkdir(path.join(folder, 'docs'));
    for (const file of ['server.ts', 'README.md', 'docs/page.html']) await writeFile(path.join(folder, file), 'first');
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'first');
    const commit = await currentCommit(folder);

    for (const file of ['README.md', 'docs/page.html']) await writeFile(path.join(folder, file), 'second');
    expect(await changedSince(commit, folder)).toEqual([]);

    await writeFile(path.join(folder, 'new.ts'), 'first');
    await writeFile(path.join(folder, 'server.ts'), 'second');
    expect(await changedSince(commit, folder)).toEqual(['server.ts', 'new.ts']);

    await git('add', '.');
    await git('commit', '--quiet', '--message', 'second');
    expect(await changedSince(commit, folder)).toEqual(['new.ts', 'server.ts']);
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

  it('should leave out what was seen at another place', () => {
    const first = withResults(page, [{ title: 'Two', seen: 'all of it', faults: [] }], about);
    const second = withResults(first, [{ title: 'One', seen: 'some', faults: [] }], { ...about, where: 'There:' });
    expect(second).toContain('| One | pass |');
    expect(second).not.toContain('| Two |');
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
