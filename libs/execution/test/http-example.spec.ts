import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { assembleApi } from '../src/index.js';
import type { AssembledApi } from '../src/index.js';
import { execute } from './execute.js';

const folder = fileURLToPath(new URL('../../../examples/http', import.meta.url));

describe('examples/http', () => {
  let service: ChildProcess;
  let assembled: AssembledApi;
  beforeAll(async () => {
    const started = spawn(process.execPath, [`${folder}/service.mjs`, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    service = started;
    const [line] = (await once(started.stdout, 'data')) as [Buffer];
    const variables = { STARLING_API_KEY: 'da2-secret', TASKS_URL: /http:\/\/[\d.:]+/.exec(line.toString())![0] };
    assembled = assembleApi(await loadApiDefinition(folder, { variables }), {});
  });
  afterAll(async () => {
    await assembled.close();
    service.kill();
  });

  const create = (title: string) => `mutation { createTask(boardId: "b&1", title: "${title}") { id title boardId } }`;

  it('should create tasks, publish them, list them and look them up', async () => {
    const task = { id: '2', title: 'Buy tiles', boardId: 'b&1' };
    expect(await execute(assembled.api, create('Buy tiles'))).toMatchObject({
      errors: [],
      data: { createTask: task },
      entries: [{ payload: task }],
    });
    const list = '{ getTasks(boardId: "b&1") { id } getTask(id: "2") { title } }';
    expect((await execute(assembled.api, list)).data).toEqual({
      getTasks: [{ id: '2' }],
      getTask: { title: 'Buy tiles' },
    });
  });

  it('should take a status for what it means', async () => {
    expect(await execute(assembled.api, '{ getTask(id: "404") { id } }')).toMatchObject({
      errors: [],
      data: { getTask: null },
    });
    expect(await execute(assembled.api, create(' '))).toMatchObject({
      errors: [{ errorType: 'InvalidTask', message: 'A task needs a title.' }],
      entries: [],
    });
  });

  it('should not let an id lead anywhere but to a task', async () => {
    expect((await execute(assembled.api, '{ getTask(id: "../people?x=") { id } }')).errors).toMatchObject([
      { errorType: 'MappingTemplate' },
    ]);
  });
});
