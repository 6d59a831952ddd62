import { describe, test } from 'vitest';
import { compileJsHandlers, toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun } from './fixtures.js';

const putTask = {
  name: 'resolvers/Mutation.createTask.js',
  text: `import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const { id, ...values } = ctx.args;
  if (!values.title) {
    util.error('title is required', 'BadRequest');
  }
  const item = { ...values, owner: ctx.identity.username, createdAt: util.time.nowISO8601() };
  item.tags = values.tags.map((tag) => tag.toLowerCase());
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: id ?? util.autoId() }),
    attributeValues: util.dynamodb.toMapValues(item),
    condition: { expression: 'attribute_not_exists(#id)', expressionNames: { '#id': 'id' } },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) {
    return util.error(error.message, error.type, result);
  }
  return result;
}
`,
};
const update = {
  name: 'resolvers/Mutation.updateTask.js',
  text: `import * as ddb from '@aws-appsync/utils/dynamodb';

export function request(ctx) {
  const { id, ...values } = ctx.args;
  return ddb.update({ key: { id }, update: values, condition: { id: { attributeExists: true } } });
}
`,
};
const loop = {
  name: 'resolvers/Query.allTasks.js',
  text: `export const request = () => ({});
export const response = (ctx) => ctx.result.filter((task) => task.classification > 2).map(({ id }) => ({ id }));`,
};

/** About 1 KB. */
const task = {
  id: '7',
  title: 'Fix the roof',
  description: 'x'.repeat(700),
  priority: 'high',
  classification: 8,
  tags: ['Urgent', 'Roof'],
  address: { street: 'Main Street', number: 7, city: 'Springfield' },
};
const handlers = compileJsHandlers(putTask);
const updateHandlers = compileJsHandlers(update);
const listHandlers = compileJsHandlers(loop);
const ctx = createContext({ args: toValue(task) as ValueMap, result: toValue(task) });
const listCtx = createContext({ result: toValue(Array.from({ length: 100 }, () => ({ ...task, description: '' }))) });
const run = createRun({ random: undefined, clock: undefined });

describe('an APPSYNC_JS handler', () => {
  test('per call', async ({ bench }) => {
    await bench.compare(
      bench('request: a PutItem document', () => {
        handlers.request(ctx, run);
      }),
      bench('request: ddb.update', () => {
        updateHandlers.request(ctx, run);
      }),
      bench('response: the result or its error', () => {
        handlers.response(ctx, run);
      }),
      bench('response: filter and map over 100 items', () => {
        listHandlers.response(listCtx, run);
      }),
      bench('load: compile a file', () => {
        compileJsHandlers(putTask);
      }),
    );
  });
});
