import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { buildExecutableApi, CurrentApi } from '#libs/execution';
import type { ExecutableApi } from '#libs/execution';
import type { Identity } from '#libs/identity';
import { createMetrics } from '#libs/observability';
import { StartSubscription } from './start-subscription.js';

let api: ExecutableApi;
beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'starling-gateway-'));
  try {
    await writeFile(
      join(dir, 'starling.yaml'),
      'name: tasks\nauthenticationType: API_KEY\napiKeys: [{ id: default, key: da2-of-this-test }]\n',
    );
    await writeFile(
      join(dir, 'schema.graphql'),
      `type Task { id: ID title: String estimate: Int }
      type Query { task: Task }
      type Mutation { createTask: Task }
      type Subscription { onTask: Task @aws_subscribe(mutations: ["createTask"]) }`,
    );
    api = buildExecutableApi(await loadApiDefinition(dir, { variables: {} }), { dataSources: new Map() });
  } finally {
    await rm(dir, { recursive: true });
  }
});

/** Somebody with an API key whose credentials exclude these fields of a task. */
function without(...denied: string[]): Identity {
  return {
    mode: 'API_KEY',
    authType: 'API Key Authorization',
    context: null,
    groups: [],
    subject: null,
    expiresAtMs: null,
    allowsField: (_type, field) => !denied.includes(field),
  };
}

const query = 'subscription ($all: Boolean = true) { onTask { id title estimate @include(if: $all) } }';

async function projectionsOf(...starts: readonly (readonly [Identity, Record<string, unknown>?, string?])[]) {
  const startSubscription = new StartSubscription(new CurrentApi(api), createMetrics());
  const accepted = [];
  for (const [identity, variables = {}, text = query] of starts) {
    const request = { query: text, variables, operationName: undefined };
    accepted.push(await startSubscription.start(request, { identity, headers: {}, requestId: 'request-1' }));
  }
  return accepted.map(({ projection }) => projection);
}

describe('subscriptions of one document', () => {
  it('should be one delivery group when they may see the same fields of it', async () => {
    const [one, other, notSelected] = await projectionsOf(
      [without('estimate')],
      [without('estimate')],
      // Excludes a field that the document does not select.
      [without('estimate', 'createTask')],
    );
    expect(other).toBe(one);
    expect(notSelected).toBe(one);
  });

  it('should be split by the fields that they may see', async () => {
    const projections = await projectionsOf(
      [without()],
      [without('title')],
      [without('estimate')],
      [without('title', 'estimate')],
    );
    expect(new Set(projections).size).toBe(4);
    const task = { id: 't1', title: 'Fix the roof', estimate: 5 };
    expect(projections.map((projection) => (JSON.parse(projection.project(task)) as { data: unknown }).data)).toEqual([
      { onTask: task },
      { onTask: { ...task, title: null } },
      { onTask: { ...task, estimate: null } },
      { onTask: { ...task, title: null, estimate: null } },
    ]);
  });

  it('should be split by variables that shape them', async () => {
    const [all, some] = await projectionsOf([without()], [without(), { all: false }]);
    expect(some).not.toBe(all);
  });
});

describe('subscriptions of different documents', () => {
  it.each([
    ['blanks and comments', 'subscription{onTask{id,title # what to do\n}}'],
    ['the name of the operation', 'subscription Tasks { onTask { id title } }'],
    ['fragments', 'subscription { onTask { ...T } } fragment T on Task { id title }'],
    ['variables', 'subscription ($no: Boolean = false) { onTask { id title estimate @include(if: $no) } }'],
  ])('should be one delivery group when they differ only in %s', async (_name, text) => {
    const [one, other] = await projectionsOf(
      [without(), {}, 'subscription { onTask { id title } }'],
      [without(), {}, text],
    );
    expect(other!.key).toBe(one!.key);
  });
});
