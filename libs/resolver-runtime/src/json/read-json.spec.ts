import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget, defaultBudgetLimits } from '../budget.js';
import { readJson } from './read-json.js';
import type { ReadJsonOptions } from './read-json.js';
import { writeJson } from './write-json.js';
import { toValue } from '../values.js';

const tolerant: ReadJsonOptions = { trailingCommas: true, uniqueKeys: true };

function createBudget(): Budget {
  return new Budget('test.vtl', { ...defaultBudgetLimits, maxSteps: 1e9, maxBytes: 1e9 }, () => 0);
}

function read(text: string, options?: ReadJsonOptions) {
  return readJson(text, createBudget(), options);
}

describe('reading JSON', () => {
  it('should give what JSON.parse gives for every JSON text', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t\r\n '), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(JSON.stringify(read(text))).toBe(JSON.stringify(toValue(JSON.parse(text))));
      }),
    );
  });

  it('should accept and refuse what JSON.parse does', () => {
    const token = fc.constantFrom(...'{}[],:"\\ \n0123-+.eEtrufalsn/b', '"a"', 'true', 'null', '\u0000', '\\u00e9');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = tokens.join('');
        const accepts = (parse: () => unknown) => {
          try {
            parse();
            return true;
          } catch {
            return false;
          }
        };
        // A number that JSON.parse makes Infinity is the one difference.
        fc.pre(!/\d[eE]\+?\d{3}/.test(text));
        expect(accepts(() => read(text))).toBe(accepts(() => JSON.parse(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['[1,]', [1]],
    ['{"a":1,}', { a: 1 }],
    ['[[1,],{"a":[],},]', [[1], { a: [] }]],
  ])('should take %s when trailing commas are allowed', (text, value) => {
    expect(read(text, tolerant)).toEqual(value);
    expect(() => read(text)).toThrow('Unable to parse the JSON document');
  });

  it.each([
    '[,]',
    '{,}',
    '[1,,]',
    '{"a":1,,}',
    '[1 2]',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '+1',
    '01x',
    '.5',
    '"\t"',
    '"\\x"',
    'tru',
    'nullx',
    'NaN',
    '[',
  ])('should refuse %s also then', (text) => {
    expect(() => read(text, tolerant)).toThrow();
  });

  it.each([
    ['{"a": $missing}', "unexpected '$missing' where a value should be, at line 1, column 7."],
    ['{"a":\n ${ctx.args.id}}', "unexpected '${ctx.args.id}' where a value should be, at line 2, column 2."],
    ['{"a": 1', "the text ends where ',' should be, at line 1, column 8."],
    ['"abc', 'the text ends inside a string, at line 1, column 5.'],
    ['"\\u12"', '\\u must be followed by four hexadecimal digits, at line 1, column 2.'],
    ['1e999', 'the number 1e999 is out of range, at line 1, column 1.'],
    ['{a: 1}', "unexpected 'a' where a key in double quotes should be, at line 1, column 2."],
  ])('should say where %j is wrong', (text, fault) => {
    expect(() => read(text)).toThrow(`Unable to parse the JSON document: ${fault}`);
  });

  it('should refuse a key that occurs twice, in one map only', () => {
    expect(() => read('{"a": {"b": 1, "b": 2}}', tolerant)).toThrow(
      "Duplicate field 'b' detected on Object. Duplicate JSON keys are not allowed.",
    );
    expect(read('{"b": {"b": 1}}', tolerant)).toEqual({ b: { b: 1 } });
  });
});

describe('writing JSON', () => {
  it('should be the inverse of reading', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (input) => {
        // JSON has no -0: it is written as 0.
        const value = toValue(JSON.parse(JSON.stringify(input)));
        expect(read(writeJson(value, createBudget()))).toEqual(value);
      }),
    );
  });

  it.each([
    [1e21, '1000000000000000000000'],
    [-0, '0'],
    [1.5e-9, '1.5e-9'],
    ['a"\u2028', '"a\\"\u2028"'],
  ])('should write %o as %s', (value, text) => {
    expect(writeJson(value, createBudget())).toBe(text);
  });
});
