import { describe, expect, it } from 'vitest';
import cases from './js-builtins.json' with { type: 'json' };
import { evaluateJs, runBody, runNatively } from './js-fixtures.js';

interface BuiltinCase {
  readonly group: string;
  /** An expression; or a body, for what needs variables. */
  readonly code?: string;
  readonly body?: string;
  /** Why AppSync's meaning is not JavaScript's, with the value that it gives. Without it, the host is the judge. */
  readonly why?: string;
  readonly value?: unknown;
}

const groups = Map.groupBy(cases as readonly BuiltinCase[], ({ group }) => group);

describe.each([...groups])('%s', (_group, groupCases) => {
  it.each(groupCases)('should give what it gives in AppSync: $code $body', ({ code, body, why, value }) => {
    const text = body ?? `return ${code};`;
    expect(runBody(text)).toEqual(why === undefined ? runNatively(text) : value);
  });
});

describe('what a call cannot do', () => {
  it.each([
    ['Object.keys(null)', 'Object.keys expects an object, not null.'],
    ['Object.assign(null, {})', 'Object.assign expects an object to change, not null.'],
    ['[].reduce((s) => s)', 'reduce of an empty array needs an initial value.'],
    ["JSON.stringify({}, ['a'])", 'JSON.stringify takes no replacer: give null in its place.'],
    ['ctx.args.missing.trim()', "cannot read 'trim' of undefined."],
    ['ctx.args.classification.trim()', 'a number has no method trim.'],
    ['ctx.args.title.map((x) => x)', 'a string has no method map.'],
    ['ctx.args.tags.trim()', 'an array has no method trim.'],
    ['ctx.args.slice()', 'an object has no method slice.'],
    ["'a'.replaceAll('(', '')", "The pattern '(' cannot be used: error parsing regexp: missing closing ): `(`."],
    ["'a'.replaceAll('a', '$1')", "The replacement '$1' cannot be used: there is no group 1."],
    ["util.time.epochMilliSecondsToISO8601('x')", 'util.time.epochMilliSecondsToISO8601 expects a number, not String.'],
    ["runtime.earlyReturn(1, { skipTo: 'BEGIN' })", "runtime.earlyReturn knows skipTo 'END' and 'NEXT', not a string."],
  ])('should be an error with its place: %s', (code, message) => {
    expect(() => evaluateJs(code)).toThrow(
      expect.objectContaining({
        name: 'FieldError',
        errorType: 'Code',
        message: expect.stringMatching(/^resolvers\/Mutation\.createTask\.js:2:\d+: /) as string,
      }),
    );
    expect(() => evaluateJs(code)).toThrow(message);
  });
});
