import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import { assembleApi } from '../src/index.js';
import type { AssembledApi } from '../src/index.js';
import { execute } from './execute.js';

describe('examples/lambda', () => {
  let assembled: AssembledApi;
  beforeAll(async () => {
    const folder = fileURLToPath(new URL('../../../examples/lambda', import.meta.url));
    assembled = assembleApi(await loadApiDefinition(folder, { variables: { STARLING_API_KEY: 'da2-secret' } }), {});
  });
  afterAll(() => assembled.close());

  const create = (title: string) => `mutation { createTask(boardId: "board-1", title: "${title}") { title boardId } }`;

  it('should create tasks, publish them, and list them with their comments', async () => {
    const task = { title: 'Buy tiles', boardId: 'board-1' };
    expect(await execute(assembled.api, create('Buy tiles'))).toMatchObject({
      errors: [],
      data: { createTask: task },
      entries: [{ payload: task }],
    });
    const { data } = await execute(assembled.api, '{ getTasks(boardId: "board-1") { title comments } }');
    expect(data).toEqual({
      getTasks: [
        { title: 'Measure the roof', comments: ['Mind the chimney.'] },
        { title: 'Buy tiles', comments: [] },
      ],
    });
  });

  it('should tell what the function refuses by its own name, and publish nothing', async () => {
    expect(await execute(assembled.api, create(' '))).toMatchObject({
      errors: [{ errorType: 'TitleMissing', message: 'A task needs a title.' }],
      data: { createTask: null },
      entries: [],
    });
  });
});
