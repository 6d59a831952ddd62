import type { JsonObject } from '#libs/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import { nextTokenSecret, refusalOf, startTaskTable } from './start-task-table.js';
import type { TaskTable } from './start-task-table.js';

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextToken: string | null;
  readonly scannedCount: number;
}

const ids = ['t1', 't2', 't3', 't4', 't5'];
const tasksOfBoard = {
  operation: 'Query',
  index: 'byBoard',
  query: { expression: 'boardId = :board', expressionValues: { ':board': { S: 'b1' } } },
  limit: 2,
};
const refusal = { errorType: 'DynamoDB:UserIllegalArgumentException', message: 'Invalid pagination token given.' };

let table: TaskTable;
beforeAll(async () => {
  table = await startTaskTable();
  for (const [rank, id] of ids.entries()) {
    const attributeValues = { boardId: { S: 'b1' }, rank: { N: rank } };
    await table.run({ operation: 'PutItem', key: { id: { S: id } }, attributeValues });
  }
});
afterAll(() => table.stop());

const page = async (document: JsonObject, resolver?: string) =>
  (await table.run(document, resolver)) as unknown as Page;

async function collect(document: JsonObject): Promise<readonly string[][]> {
  const pages: string[][] = [];
  let nextToken: string | null = null;
  // More pages than items would be a token that leads nowhere.
  for (let count = 0; count <= ids.length; count += 1) {
    const { items, nextToken: following }: Page = await page({ ...document, nextToken });
    pages.push(items.map((item) => item.id));
    if (following === null) return pages;
    nextToken = following;
  }
  throw new Error(`the pages do not end: ${JSON.stringify(pages)}`);
}

describe('pages', () => {
  it('should be in order, without hole and repeat, for a Query', async () => {
    expect(await collect(tasksOfBoard)).toEqual([['t1', 't2'], ['t3', 't4'], ['t5']]);
  });

  it('should go backward', async () => {
    expect(await collect({ ...tasksOfBoard, scanIndexForward: false })).toEqual([['t5', 't4'], ['t3', 't2'], ['t1']]);
  });

  it('should have every item once for a Scan', async () => {
    const pages = await collect({ operation: 'Scan', limit: 2 });
    expect(pages.flat().sort()).toEqual(ids);
  });

  it('should have every item once over the segments of a Scan', async () => {
    const segments = await Promise.all(
      [0, 1, 2].map((segment) => collect({ operation: 'Scan', limit: 1, totalSegments: 3, segment })),
    );
    expect(segments.flat(2).sort()).toEqual(ids);
  });

  it('should be empty where the filter leaves nothing, and go on', async () => {
    const filter = { expression: 'id = :id', expressionValues: { ':id': { S: 't5' } } };
    expect(await page({ ...tasksOfBoard, filter })).toMatchObject({
      items: [],
      nextToken: expect.any(String) as string,
      scannedCount: 2,
    });
    expect(await collect({ ...tasksOfBoard, filter })).toEqual([[], [], ['t5']]);
  });
});

describe('the nextToken of a page', () => {
  it('should be refused from another resolver', async () => {
    const { nextToken } = await page(tasksOfBoard, 'Query.tasksOfBoard');
    expect(await refusalOf(table.run({ ...tasksOfBoard, nextToken }, 'Query.allTasks'))).toMatchObject(refusal);
  });

  it('should be refused for another table', async () => {
    const { nextToken } = await page(tasksOfBoard);
    const boards = createDynamoDbDataSource({ tableName: 'Boards', client: table.connection, nextTokenSecret });
    const call = boards.execute({ operation: 'Scan', nextToken }, { resolver: 'Query.allTasks' });
    expect(await refusalOf(call)).toMatchObject(refusal);
    await boards.close();
  });

  it.each(['', 'nonsense', Buffer.from('{"id":{"S":"t1"}}').toString('base64')])(
    'should be refused when it is made up: %j',
    async (nextToken) => {
      expect(await refusalOf(table.run({ operation: 'Scan', nextToken }))).toMatchObject(refusal);
    },
  );

  it('should be taken by another pod with the same secret', async () => {
    const { nextToken } = await page(tasksOfBoard);
    const otherPod = createDynamoDbDataSource({ tableName: 'Tasks', client: table.connection, nextTokenSecret });
    const result = await otherPod.execute({ ...tasksOfBoard, nextToken }, { resolver: 'Query.allTasks' });
    expect(result).toMatchObject({ items: [{ id: 't3' }, { id: 't4' }] });
    await otherPod.close();
  });
});
