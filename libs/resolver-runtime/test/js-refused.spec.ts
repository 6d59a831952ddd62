import { describe, expect, it } from 'vitest';
import { CodeSyntaxError, compileJsHandlers } from '#libs/resolver-runtime';
import cases from './js-refused.json' with { type: 'json' };
import { findFaults } from './js-fixtures.js';

describe('a construct that AppSync does not run', () => {
  it.each(cases)('should be refused with its column: $body', ({ body, faults }) => {
    const found = findFaults(`export function request(ctx) {\n${body}\n}`);
    const places = found.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    expect(places).toEqual(faults.map((fault) => expect.stringMatching(startingWith(`2:${fault}`)) as string));
    expect(found.every(({ hint, errorType }) => hint !== '' && errorType === 'LINT_ERROR')).toBe(true);
  });
});

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

describe('a file', () => {
  it('should be refused with all its faults, each with what to write instead', () => {
    const text = `import { util } from '@aws-appsync/utils';
export function request(ctx) {
  for (let i = 0; i < ctx.args.tags.length; i++) {}
  return util.toJson(ctx.args);
}`;
    expect(() => compileJsHandlers({ name: 'functions/save.js', text })).toThrow(
      new CodeSyntaxError('functions/save.js', findFaults(text)),
    );
    expect(findFaults(text)).toEqual([
      {
        line: 3,
        column: 3,
        span: 49,
        message: 'for(;;) is not supported',
        hint: 'Go through a list with for-of or an array method like map.',
        errorType: 'LINT_ERROR',
      },
      {
        line: 3,
        column: 45,
        span: 3,
        message: '++ and -- are not supported',
        hint: 'Write += 1 or -= 1.',
        errorType: 'LINT_ERROR',
      },
      {
        line: 4,
        column: 10,
        span: 11,
        message: 'there is no util.toJson',
        hint: 'Use JSON.stringify(value) and JSON.parse(text).',
        errorType: 'LINT_ERROR',
      },
    ]);
  });

  it.each([
    ['export function request(ctx) {', '1:31: unexpected token'],
    ['export function request(ctx: Context) {}', '1:28: unexpected token'],
    [
      'export function request() {}\nexport function request() {}',
      "2:17: identifier 'request' has already been declared",
    ],
    ['export function request() { return 08; }', '1:36: invalid number'],
    ['export function request() { let a; let a; }', "1:40: identifier 'a' has already been declared"],
    ['export function request() { return undeclared }; export { response };', "1:59: export 'response' is not defined"],
  ])('should be refused where it is no JavaScript: %s', (text, place) => {
    const [fault] = findFaults(text);
    expect(`${fault?.line}:${fault?.column}: ${fault?.message}`).toContain(place);
    expect(fault?.errorType).toBe('PARSER_ERROR');
  });

  it.each([
    ['', '1:1: no function request is exported'],
    ['function request() {}', '1:1: no function request is exported'],
    ['export const request = 5;', '1:14: the export request is no function'],
    ['export const request = () => 1, response = {};', '1:33: the export response is no function'],
    ['export default function () {}', '1:1: a default export is not supported'],
    ["export { request } from './request.js';", '1:1: exports of another file are not supported'],
    ["export * from './request.js';", '1:1: export * is not supported'],
    [
      "import fs from 'node:fs';\nexport const request = () => fs.readFileSync('x');",
      '1:16: there is no module "node:fs"',
    ],
    [
      "import { converse } from '@aws-appsync/utils/bedrock';\nexport const request = () => 1;",
      '1:26: there is no module',
    ],
    [
      "import { get, gte } from '@aws-appsync/utils/dynamodb';\nexport const request = () => gte();",
      '2:30: gte is not a value of the module it is imported from',
    ],
    [
      "import { Context } from '@aws-appsync/utils';\nexport const request = () => Context;",
      '2:30: Context is not a value of the module it is imported from',
    ],
    [
      "import { util } from '@aws-appsync/utils';\nexport const request = () => { util = 1; };",
      '2:32: util is imported',
    ],
    [
      "import { sql } from '@aws-appsync/utils/rds';\nexport const request = () => sql('select 1');",
      '2:30: sql is not a function',
    ],
  ])('should be refused for what it exports or imports: %s', (text, place) => {
    const places = findFaults(text).map(({ line, column, message }) => `${line}:${column}: ${message}`);
    expect(places[0]).toContain(place);
  });

  it('should have at most 32 KB', () => {
    const text = (bytes: number) => `export const request = () => 1;//${'x'.repeat(bytes - 33)}`;
    expect(findFaults(text(32_768))).toEqual([]);
    expect(findFaults(text(32_769))).toMatchObject([{ line: 1, column: 1, message: 'the code has 32769 bytes' }]);
  });

  it.each([
    ['brackets', '('.repeat(16_000)],
    ['lists', '['.repeat(300) + ']'.repeat(300)],
    ['sums', '1' + '+1'.repeat(15_000)],
    ['paths', 'ctx' + '.a'.repeat(15_000)],
    ['calls', "'a'" + '.trim()'.repeat(300)],
    ['negations', '!'.repeat(30_000) + '1'],
  ])('should not be nested without end: %s', (_what, expression) => {
    const [fault, ...others] = findFaults(`export const request = (ctx) => ${expression};`);
    expect(fault?.errorType).toBe('PARSER_ERROR');
    expect(others).toEqual([]);
  });
});
