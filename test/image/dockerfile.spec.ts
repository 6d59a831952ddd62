import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';

interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  /** Instructions with their arguments, joined to one line each. */
  readonly steps: readonly (readonly [instruction: string, rest: string])[];
}

let stages: readonly Stage[];

beforeAll(async () => {
  const text = (await readFile('deploy/Dockerfile', 'utf8')).replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  const found: { base: string; name: string | undefined; steps: [string, string][] }[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const from = /^(\S+)(?: AS (\S+))?$/.exec(rest);
    if (instruction === 'FROM') found.push({ base: from![1]!, name: from![2], steps: [] });
    else found.at(-1)?.steps.push([instruction, rest]);
  }
  stages = found;
});

const stage = (name: string): Stage => stages.find((each) => each.name === name)!;
const argumentsOf = (name: string, instruction: string): string[] =>
  stage(name)
    .steps.filter(([each]) => each === instruction)
    .map(([, rest]) => rest);

describe('the Dockerfile', () => {
  it('should make servers from nothing but the base image and staged files', () => {
    expect(stage('server').base).toBe('node:26-bookworm-slim');
    expect(argumentsOf('server', 'RUN')).toEqual([]);
    expect(argumentsOf('server', 'COPY')).toEqual(['--from=build /out/server/ /']);
    expect(argumentsOf('standalone', 'RUN')).toEqual([]);
    expect(argumentsOf('standalone', 'COPY')).toEqual(['--from=build /out/standalone/ /']);
  });

  it('should make servers where no target is asked for', () => {
    expect(stages.at(-1)).toEqual({ base: 'server', name: undefined, steps: [] });
  });

  it('should run as a user that Kubernetes can tell is not root', () => {
    expect(argumentsOf('server', 'USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(argumentsOf('standalone', 'USER')).toEqual([]);
  });

  it('should start its program without a shell', () => {
    expect(JSON.parse(argumentsOf('server', 'ENTRYPOINT')[0]!)).toEqual(['node', '/app/starling.mjs']);
  });

  it('should install what the lockfile says, and run no scripts of packages', () => {
    expect(argumentsOf('build', 'RUN')[0]).toMatch(/npm ci --ignore-scripts\b/);
  });

  it('should keep where packages come from out of what is written', async () => {
    const text = await readFile('deploy/Dockerfile', 'utf8');
    expect(text).not.toMatch(/https?:\/\//);
    expect(argumentsOf('build', 'ENV')).toEqual([]);
    expect(argumentsOf('server', 'ARG').join()).not.toMatch(/npm|registry/i);
  });

  it('should be sent everything that it copies', async () => {
    const ignore = (await readFile('.dockerignore', 'utf8')).split('\n');
    const sent = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(ignore).toContain('*');
    const copied = argumentsOf('build', 'COPY').flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(copied.length).toBeGreaterThan(5);
    expect(new Set(sent)).toEqual(new Set(copied));
  });
});
