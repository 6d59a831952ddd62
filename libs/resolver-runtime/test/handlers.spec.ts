import { FieldError } from '#libs/protocol';
import { describe, expect, it } from 'vitest';
import { CodeSyntaxError, compileJsHandlers, createEffects, createJsCompiler, toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun } from './fixtures.js';
import { evaluateJs, runBody, runCode } from './js-fixtures.js';

const inResponse = (overrides: Parameters<typeof createRun>[0] = {}) => createRun({ phase: 'response', ...overrides });

describe('a file of handlers', () => {
  it.each([
    'export function request(ctx) { return ctx.args.id; }',
    'export const request = (ctx) => ctx.args.id;',
    'export const request = function (ctx) { return ctx.args.id; };',
    'export const request = ({ args: { id } }) => id, response = () => 1;',
    'function request(ctx) { return ctx.args.id; }\nconst other = () => 2;\nexport { request, other as response };',
    "'use strict';\nexport { first as request };\nconst first = (ctx) => ctx.arguments.id;",
  ])('should export its request handler: %s', (text) => {
    expect(runCode(text)).toEqual({ kind: 'value', value: '7' });
  });

  it('should give null where a handler returns nothing', () => {
    expect(runCode('export function request() {}')).toEqual({ kind: 'value', value: null });
  });

  it('should run what stands outside of functions anew for each run', () => {
    const text = `const table = 'tasks'; let calls = 0; const names = [];
      export function request(ctx) { calls += 1; names.push(table + key()); return [calls, names]; }
      const key = () => '#' + suffix; const suffix = 1;`;
    const handlers = compileJsHandlers({ name: 'a.js', text });
    const run = createRun({ phase: 'request' });
    handlers.request(createContext(), run);
    expect(handlers.request(createContext(), run).value).toEqual([1, ['tasks#1']]);
  });

  it('should take handlers that a bundler made', () => {
    const text = `// functions/task.js
import { util as util2 } from "@aws-appsync/utils";
import { util as util3 } from "@aws-appsync/utils";
var Status = /* @__PURE__ */ ((Status2) => {
  Status2["Open"] = "open";
  return Status2;
})(Status || {});
function request(ctx) {
  const { input: values } = { input: ctx.arguments };
  return { id: values.id, status: Status.Open, at: util2.time.nowEpochSeconds(), text: util3.urlEncode("a b") };
}
export {
  request
};
//# sourceMappingURL=data:application/json;base64,e30=
`;
    expect(runCode(text).value).toEqual({ id: '7', status: 'open', at: 1517943695, text: 'a+b' });
  });

  it('should answer with the result when it has no response handler', () => {
    const text = 'export const request = () => 1;';
    const run = inResponse();
    expect(runCode(text, createContext({ result: [1] }), run)).toEqual({ kind: 'value', value: [1] });
    expect(runCode(text, createContext({ result: null }), run)).toEqual({ kind: 'value', value: null });
  });

  it('should raise the error of the data source when it has no response handler', () => {
    const ctx = createContext({ result: null, error: { message: 'Too slow', type: 'Lambda:Unhandled' } });
    expect(() => runCode('export const request = () => 1;', ctx, inResponse())).toThrow(
      expect.objectContaining({ message: 'Too slow', errorType: 'Lambda:Unhandled' }),
    );
  });
});

describe('ctx', () => {
  it('should have what AppSync gives', () => {
    const ctx = createContext({
      source: toValue({ id: 's' }),
      result: { items: [1] },
      error: { message: 'no', type: 'DynamoDB:X' },
      prev: { result: 'before' },
      info: {
        fieldName: 'f',
        parentTypeName: 'T',
        variables: toValue({ v: 1 }) as ValueMap,
        selectionSetList: ['id', 'author/name'],
        selectionSetGraphQL: '{ id }',
      },
    });
    const text = `export const request = () => 1;
export const response = (ctx) => [ctx.source.id, ctx.result.items[0], ctx.error.type, ctx.prev.result, ctx.env.TABLE,
  ctx.info.fieldName, ctx.info.variables.v, ctx.info.selectionSetList[1], ctx.info.selectionSetGraphQL,
  ctx.identity.username, ctx.request.headers['x-forwarded-for'], ctx.request.domainName, JSON.stringify(ctx.info)];`;
    expect(runCode(text, ctx, inResponse()).value).toEqual([
      ...['s', 1, 'DynamoDB:X', 'before', 'tasks', 'f', 1, 'author/name', '{ id }', 'jdoe', '10.0.0.1', null],
      '{"fieldName":"f","parentTypeName":"T","variables":{"v":1}}',
    ]);
  });

  it('should be undefined where there is nothing yet', () => {
    const code = '[typeof ctx.error, typeof ctx.result, typeof ctx.prev, typeof ctx.args.missing, ctx.source]';
    expect(evaluateJs(code)).toEqual(['undefined', 'undefined', 'undefined', 'undefined', null]);
  });

  it('should hand the stash on as a plain tree', () => {
    const ctx = createContext();
    runBody(
      'const l = [undefined]; ctx.stash.a = l; ctx.stash.b = l; ctx.stash.c = undefined; ctx.stash.d = NaN;',
      ctx,
    );
    expect(ctx.stash).toEqual({ a: [null], b: [null], d: null });
    expect(ctx.stash['a']).not.toBe(ctx.stash['b']);
  });

  it('should hand on a stash that was replaced, in the same object', () => {
    const ctx = createContext({ stash: toValue({ old: 1 }) as ValueMap });
    const { stash } = ctx;
    runBody('ctx.stash = { fresh: 2 };', ctx);
    expect(ctx.stash).toBe(stash);
    expect(stash).toEqual({ fresh: 2 });
  });

  it('should hand on the stash of a run that failed, empty when it is no tree', () => {
    const ctx = createContext();
    expect(() => runBody("ctx.stash.a = 1; util.error('no');", ctx)).toThrow('no');
    expect(ctx.stash).toEqual({ a: 1 });
    expect(() => runBody('ctx.stash.self = ctx.stash;', ctx)).toThrow('levels of nesting');
    expect(ctx.stash).toEqual({});
  });

  it('should give values that later changes do not reach', () => {
    const ctx = createContext();
    const value = evaluateJs('ctx.args', ctx);
    ctx.args['title'] = 'changed';
    expect(value).toMatchObject({ title: 'Fix the roof' });
  });
});

describe('runtime.earlyReturn', () => {
  it.each([
    ['runtime.earlyReturn();', null, 'NEXT'],
    ['runtime.earlyReturn({ a: 1 });', { a: 1 }, 'NEXT'],
    ["runtime.earlyReturn([1], { skipTo: 'NEXT' });", [1], 'NEXT'],
    ["runtime.earlyReturn('x', { skipTo: 'END' });", 'x', 'END'],
    ['runtime.earlyReturn(1, {});', 1, 'NEXT'],
    ["[1].forEach((x) => leave(x)); function leave(x) { runtime.earlyReturn(x + 1); } return 'late';", 2, 'NEXT'],
  ])('should end the handler: %s', (body, value, skipTo) => {
    expect(runCode(`export function request(ctx) { ${body} return 'not reached'; }`)).toEqual({
      kind: 'return',
      value,
      skipTo,
    });
  });
});

describe('util and its kin', () => {
  it('should be there without an import, under another name and through constants', () => {
    const text = `import { util as u, extensions, runtime as r, Context } from '@aws-appsync/utils';
import * as utils from '@aws-appsync/utils';
const time = utils.util.time;
export function request(ctx) {
  const now = time.nowISO8601;
  return [u.urlEncode('a b'), util.urlEncode('c d'), time.nowEpochSeconds(), now(), util['matches']('a+', 'aa')];
}`;
    expect(runCode(text).value).toEqual(['a+b', 'c+d', 1517943695, '2018-02-06T19:01:35.749Z', true]);
  });

  it('should let a name of the handler stand in front of one of the language', () => {
    const body =
      "const util = { error: 'mine' }; const f = (JSON) => JSON.parse; return [util.error, f({ parse: 1 })];";
    expect(runBody(body)).toEqual(['mine', 1]);
    expect(() => runBody("util.error('AppSync’s');")).toThrow('AppSync’s');
  });

  it('should raise errors as they are given', () => {
    const raised = new FieldError('No', 'Refused', { id: '7' }, [1]);
    expect(() => runBody("util.error('No', 'Refused', { id: ctx.args.id, x: undefined }, [1]);")).toThrow(raised);
    expect(() => runBody("util.error('No');")).toThrow(expect.objectContaining({ message: 'No', errorType: null }));
    expect(() => runBody('util.unauthorized();')).toThrow(expect.objectContaining({ errorType: 'Unauthorized' }));
  });

  it('should append errors and go on', () => {
    const effects = createEffects();
    const run = createRun({ phase: 'request', effects });
    expect(evaluateJs("[util.appendError('Odd', 'Warning')]", createContext(), run)).toEqual([null]);
    expect(effects.errors).toMatchObject([{ message: 'Odd', errorType: 'Warning' }]);
  });

  it('should set filters of subscriptions', () => {
    const effects = createEffects();
    const text = `export const request = () => ({});
export function response(ctx) {
  const filter = util.transform.toSubscriptionFilter({ classification: { ge: ctx.args.classification } });
  extensions.setSubscriptionFilter(filter);
  return extensions.setSubscriptionInvalidationFilter(filter);
}`;
    const { value } = runCode(text, createContext(), inResponse({ effects, operation: 'subscription' }));
    const filter = { filterGroup: [{ filters: [{ fieldName: 'classification', operator: 'ge', value: 8 }] }] };
    expect(value).toBeNull();
    expect(effects).toMatchObject({ subscriptionFilter: filter, subscriptionInvalidationFilter: filter });
  });

  it('should leave undefined out of what it is given', () => {
    expect(evaluateJs('util.dynamodb.toMapValues({ a: undefined, b: [undefined], c: null })')).toEqual({
      b: { L: [{ NULL: null }] },
      c: { NULL: null },
    });
  });

  it('should write texts and JSON to the log', () => {
    const lines: unknown[] = [];
    const run = createRun({ phase: 'request', log: (level, message) => lines.push([level, message]) });
    runBody("console.log('tags', ctx.args.tags, undefined, 1); console.error({ a: null });", createContext(), run);
    expect(lines).toEqual([
      ['info', 'tags ["urgent","roof"] undefined 1'],
      ['error', '{"a":null}'],
    ]);
  });
});

describe('helper modules', () => {
  it.each([
    "import { get } from '@aws-appsync/utils/dynamodb'; export const request = (ctx) => get({ key: { id: ctx.args.id } });",
    "import { get as read } from '@aws-appsync/utils/dynamodb'; export const request = (ctx) => read({ key: { id: '7' } });",
    "import * as ddb from '@aws-appsync/utils/dynamodb'; export const request = (ctx) => ddb.get({ key: { id: '7' } });",
    "import ddb from '@aws-appsync/utils/dynamodb'; export const request = (ctx) => ddb.get({ key: { id: '7' } });",
  ])('should be imported in every form: %s', (text) => {
    expect(runCode(text).value).toMatchObject({ operation: 'GetItem', key: { id: { S: '7' } } });
  });

  it('should have members of members', () => {
    const text = `import { update, operations } from '@aws-appsync/utils/dynamodb';
export const request = () => update({ key: { id: '7' }, update: { views: operations.increment(2), note: undefined } });`;
    expect(runCode(text).value).toMatchObject({
      update: { expression: 'SET #expName_1 = #expName_1 + :expValue_1', expressionNames: { '#expName_1': 'views' } },
    });
  });

  it('should bind the values of a tagged template', () => {
    const text = `import { sql, createPgStatement as pg } from '@aws-appsync/utils/rds';
export const request = (ctx) => pg(sql\`SELECT * FROM tasks WHERE id = \${ctx.args.id}\`);`;
    expect(runCode(text).value).toMatchObject({
      statements: ['SELECT * FROM tasks WHERE id = :P0'],
      variableMap: { ':P0': '7' },
    });
  });

  it('should fail with the place of the call', () => {
    const text = "import * as ddb from '@aws-appsync/utils/dynamodb';\nexport const request = () =>\n  ddb.get('7');";
    expect(() => runCode(text)).toThrow(
      new FieldError('resolvers/Mutation.createTask.js:3:7: Expected payload to be an Object.', 'Code'),
    );
  });
});

describe('an error while a handler runs', () => {
  it.each([
    ['return ctx.missing.id;', "2:20: cannot read 'id' of undefined."],
    ['return ctx.source.id;', "2:19: cannot read 'id' of null."],
    ['return ctx.missing[ctx.args.id];', "2:20: cannot read '7' of undefined."],
    ['const { id } = ctx.source;', '2:7: cannot take properties of null.'],
    ['const [id] = ctx.args;', '2:7: an object is not iterable.'],
    ['for (const x of 5) {}', '2:17: a number is not iterable.'],
    ['return [...ctx.args.missing];', '2:12: undefined is not iterable.'],
    ['ctx.args.title.x = 1;', "2:16: cannot set 'x' of a string."],
    ['ctx.missing.x = 1;', "2:13: cannot set 'x' of undefined."],
    ['ctx.args.tags.x = 1;', "2:15: an array has no property 'x' that can be set."],
    ['ctx.args.tags[-1] = 1;', "2:15: an array has no property '-1' that can be set."],
    ['ctx.args.tags.length = -1;', '2:15: -1 is no length of an array.'],
    ['delete ctx.args.title.length;', "2:23: cannot delete 'length' of a string."],
    ["ctx.args['__proto__'] = {};", "2:10: the key '__proto__' is reserved and cannot be set."],
    ["return { ['con' + 'structor']: 1 };", "2:11: the key 'constructor' is reserved and cannot be set."],
    ['const f = (x) => x.id;\nreturn f();', "2:20: cannot read 'id' of undefined."],
  ])('should name the place: %s', (body, message) => {
    expect(() => runBody(body)).toThrow(new FieldError(`resolvers/Mutation.createTask.js:${message}`, 'Code'));
  });
});

describe('a compiler that is kept', () => {
  const text =
    'export function request(ctx) { ctx.stash.n = (ctx.stash.n ?? 0) + 1; return util.error(`run ${ctx.stash.n}`); }';

  it('should name each file in its own errors, though they have the same text', () => {
    const compile = createJsCompiler();
    const [first, second] = ['first.js', 'second.js'].map((name) =>
      compile({ name, text: 'export const request = (ctx) => ctx.none.a;' }),
    );
    expect(() => first!.request(createContext(), createRun())).toThrow(/^first\.js:1:/);
    expect(() => second!.request(createContext(), createRun())).toThrow(/^second\.js:1:/);
  });

  it('should keep nothing of a run for another file', () => {
    const compile = createJsCompiler();
    const handlers = ['first.js', 'second.js'].map((name) => compile({ name, text }));
    for (const compiled of handlers) {
      expect(() => compiled.request(createContext(), createRun())).toThrow('run 1');
    }
  });

  it('should report the faults of each file that has them', () => {
    const compile = createJsCompiler();
    for (const name of ['first.js', 'second.js']) {
      expect(() => compile({ name, text: 'export const request = 1;' })).toThrow(CodeSyntaxError);
    }
  });
});
