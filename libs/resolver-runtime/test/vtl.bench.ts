import { describe, test } from 'vitest';
import { compileVtlHandlers, toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun } from './fixtures.js';

const putTask = {
  name: 'Mutation.createTask.request.vtl',
  text: `#set($input = $util.dynamodb.toMapValues($ctx.args))
$util.qr($input.put("createdAt", $util.dynamodb.toString($util.time.nowISO8601())))
#if($util.isNullOrEmpty($ctx.args.title))
  $util.error("title is required", "BadRequest")
#end
{
  "version": "2018-05-29",
  "operation": "PutItem",
  "key": { "id": $util.dynamodb.toDynamoDBJson($util.autoId()) },
  "attributeValues": $util.toJson($input),
}`,
};
const toJson = { name: 'Mutation.createTask.response.vtl', text: '$util.toJson($ctx.result)' };
const loop = {
  name: 'Query.allTasks.response.vtl',
  text: `[#foreach($task in $ctx.result)#if($task.classification > 2){"id": "$task.id"},#end#end]`,
};

const task = { id: '7', title: 'Fix the roof', priority: 'high', classification: 8, owner: 'jdoe', tags: ['a', 'b'] };
const handlers = compileVtlHandlers({ request: putTask, response: toJson });
const listHandlers = compileVtlHandlers({ request: loop, response: loop });
const ctx = createContext({ args: toValue(task) as ValueMap, result: toValue(task) });
const listCtx = createContext({ result: toValue(Array.from({ length: 100 }, () => task)) });
const run = createRun({ random: undefined, clock: undefined });

describe('a VTL handler', () => {
  test('per call', async ({ bench }) => {
    await bench.compare(
      bench('request: a PutItem document', () => {
        handlers.request(ctx, run);
      }),
      bench('response: toJson of the result', () => {
        handlers.response(ctx, run);
      }),
      bench('response: a loop over 100 items', () => {
        listHandlers.response(listCtx, run);
      }),
      bench('load: compile both templates', () => {
        compileVtlHandlers({ request: putTask, response: toJson });
      }),
    );
  });
});
