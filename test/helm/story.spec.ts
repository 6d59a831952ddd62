import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { freePorts, runProgram, startProgram } from '#libs/testing';
import type { Ended, Program } from '#libs/testing';
import { merge, render, root, toolTimeoutMs } from './chart.js';
import type { Rendered, Values } from './chart.js';

/** What the Secret of the guide has. */
const apiKey = 'da2-of-the-chart';

/** The values that the guide tries the chart out with. */
async function trialValues(): Promise<Values> {
  const guide = await readFile(path.join(root, 'docs/guides/kubernetes.md'), 'utf8');
  const [, block] = /`trial\.yaml`:\n\n```yaml\n([^]*?)```/.exec(guide) ?? [];
  return parse(block!) as Values;
}

/** What the guide's command makes of the definition. */
async function definitionValues(): Promise<Values> {
  const { stdout } = await runProgram({
    script: 'dist/apps/cli/src/main.js',
    args: ['configmap', 'load-tests/api', '--values'],
  });
  return parse(stdout) as Values;
}

/** The environment of a component's container, without what a Secret would give. */
function environmentOf(rendered: Rendered, component: string): Record<string, string> {
  const entries = Object.entries(rendered.env(component));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

describe("the chart's processes and its test", () => {
  let folder: string;
  let rendered: Rendered;
  let ports: { api: number; gateway: number };
  const programs: Program[] = [];

  beforeAll(async () => {
    rendered = await render(await trialValues(), await definitionValues());
    folder = await mkdtemp(path.join(tmpdir(), 'starling-chart-story-'));
    const definition = path.join(folder, 'definition');
    await writeMounted(definition, rendered.one('ConfigMap', '-definition').data!);
    await writeMounted(path.join(folder, 'test'), rendered.one('ConfigMap', '-test').data!);
    const [api, gateway] = (await freePorts(2)) as [number, number];
    ports = { api, gateway };
    for (const component of ['api', 'gateway'] as const) {
      programs.push(
        await startProgram({
          script: `dist/apps/${component}/src/main.js`,
          env: {
            ...environmentOf(rendered, component),
            // What a cluster gives: the Secrets, the mounted folder, the addresses.
            STARLING_API_KEY: apiKey,
            NEXT_TOKEN_SECRET: 'a secret of this test',
            STARLING_API: definition,
            REDIS_URL: inject('redisUrl'),
            HOST: '127.0.0.1',
            PORT: String(ports[component]),
            METRICS_PORT: '0',
            DRAIN_DELAY_MS: '0',
          },
          readyText: `The ${component} is listening`,
        }),
      );
    }
  }, toolTimeoutMs);

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs what the pod of `helm test` runs, with its environment. */
  async function helmTest(of: Rendered, more: Record<string, string> = {}): Promise<Ended> {
    const container = of.container('test');
    expect(container.command).toEqual(['node', '/etc/starling/test/test.mjs']);
    const environment = environmentOf(of, 'test');
    expect(environment).toMatchObject({
      API_URL: 'http://flock-starling-api:80/graphql',
      REALTIME_URL: 'ws://flock-starling-gateway:80/graphql/realtime',
    });
    return runProgram({
      script: path.join(folder, 'test', 'test.mjs'),
      env: {
        ...environment,
        API_URL: `http://127.0.0.1:${ports.api}/graphql`,
        REALTIME_URL: `ws://127.0.0.1:${ports.gateway}/graphql/realtime`,
        ...more,
      },
    });
  }

  it('should bring an event from a mutation to a subscription', async () => {
    expect(rendered.env('test')).toMatchObject({
      CREDENTIALS_HEADER: 'x-api-key',
      CREDENTIALS: { secretKeyRef: { name: 'starling-env', key: 'STARLING_API_KEY' } },
    });
    const { status, stdout } = await helmTest(rendered, { CREDENTIALS: apiKey });
    expect(stdout).toContain('The event has arrived: {"onTaskCreated":{"boardId":"board-1","sequence":1}}');
    expect(status).toBe(0);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['credentials are refused', { CREDENTIALS: 'da2-wrong' }, /^Connecting to [^]*connection_error[^]*Unauthorized/],
    ['the subscription is refused', { CREDENTIALS: apiKey, SUBSCRIPTION: 'subscription { nope }' }, /^Subscribing: /m],
    ['the mutation is refused', { CREDENTIALS: apiKey, MUTATION: 'mutation { nope }' }, /the mutation failed: .*nope/],
    [
      'the event does not come',
      {
        CREDENTIALS: apiKey,
        VARIABLES: '{"boards":["b2"],"task":{"boardId":"b1","sequence":1,"sentAt":0}}',
        TIMEOUT_SECONDS: '2',
      },
      /^No answer within 2 seconds while: Waiting for the event$/m,
    ],
    ['nobody is there', { REALTIME_URL: 'ws://127.0.0.1:1/graphql/realtime' }, /the connection failed/],
  ])('should fail and say why when %s', async (_, more, sentence) => {
    const { status, stdout } = await helmTest(rendered, more);
    expect(stdout).toMatch(sentence);
    expect(status).toBe(1);
  });

  it('should only ask whether both answer where there are no documents', async () => {
    const plain = await render(
      { test: { subscription: '', mutation: '' } },
      merge(await trialValues(), await definitionValues()),
    );
    const { status, stdout } = await helmTest(plain);
    expect(stdout).toContain('Both answer. No event was looked for');
    expect(status).toBe(0);
    const nobody = await helmTest(plain, { REALTIME_URL: 'ws://127.0.0.1:1/graphql/realtime' });
    expect(nobody.stdout).toMatch(/^Asking the gateway: no connection to/m);
    expect(nobody.status).toBe(1);
  });
});

/** The files of a ConfigMap as a volume has them. */
async function writeMounted(mounted: string, data: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(mounted);
  for (const [key, text] of Object.entries(data)) await writeFile(path.join(mounted, key), text);
}
