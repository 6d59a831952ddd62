import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from './start-api.js';
import type { Api } from './start-api.js';

const files = {
  'starling.yaml': `name: tasks
authenticationType: API_KEY
apiKeys: [{ id: default, key: "\${STARLING_API_KEY}" }]
introspectionConfig: DISABLED
queryDepthLimit: 2
limits: { requestTimeoutMs: 200 }
dataSources:
  - { name: Local, type: NONE }
  - { name: Slow, type: AWS_LAMBDA, lambdaConfig: { handler: functions/slow.mjs } }
resolvers:
  - { typeName: Query, fieldName: task, dataSourceName: Local }
  - { typeName: Query, fieldName: slow, dataSourceName: Slow }
`,
  'schema.graphql': 'type Task { id: ID parent: Task } type Query { task(id: ID): Task slow: String }',
  'resolvers/Query.task.js': `import { util } from '@aws-appsync/utils';
export function request(ctx) {
  return { payload: { ...ctx.args, parent: { id: 't0' } } };
}
export function response(ctx) {
  util.http.addResponseHeader('x-task', ctx.result.id);
  util.http.addResponseHeaders({ 'cache-control': 'no-store', 'content-type': 'text/html', 'x-two': 'a\\r\\nb: c' });
  return ctx.result;
}
`,
  'functions/slow.mjs': 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000, "late"));',
};

let dir: string;
let api: Api;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'starling-api-'));
  await mkdir(join(dir, 'resolvers'));
  await mkdir(join(dir, 'functions'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  api = await startApi({ dir });
});
afterAll(async () => {
  await api.stop();
  await rm(dir, { recursive: true });
});

describe('headers that resolvers add', () => {
  it('should be in the answer, except for those that are refused', async () => {
    const { status, headers, body } = await api.ask('{ task(id: "t1") { id } }');
    expect(status).toBe(200);
    expect(headers.get('x-task')).toBe('t1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.has('x-two')).toBe(false);
    expect(headers.has('b')).toBe(false);
    expect(body).toMatchObject({
      data: { task: { id: 't1' } },
      errors: [{ errorType: 'ResponseHeaderError' }, { errorType: 'ResponseHeaderError' }],
    });
  });

  it('should not be in the answer to another request', async () => {
    expect((await api.ask('{ __typename }')).headers.has('x-task')).toBe(false);
  });
});

describe('the limits of an API', () => {
  it('should end a request whose time is over, and answer what is done', async () => {
    const { status, body } = await api.ask('{ task(id: "t1") { id } slow }');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { task: { id: 't1' }, slow: null },
      errors: [{ path: ['slow'], errorType: 'ExecutionTimeout', message: 'Execution timed out.' }, {}, {}],
    });
  });

  it('should refuse fields that are too deep, and introspection', async () => {
    expect((await api.ask('{ task(id: "t1") { id parent { id } } }')).body).toMatchObject({
      data: { task: { id: 't1', parent: { id: null } } },
      errors: [{ path: ['task', 'parent', 'id'], errorType: 'QueryDepthLimitReached' }, {}, {}],
    });
    expect((await api.ask('{ task(id: 1) { id } __schema { types { name } } }')).body).toEqual({
      data: null,
      errors: [
        {
          path: null,
          locations: [{ line: 1, column: 33, sourceName: null }],
          message:
            "Validation error of type FieldUndefined: Field 'types' in type '__Schema' is undefined @ '__schema/types'",
        },
      ],
    });
  });
});
