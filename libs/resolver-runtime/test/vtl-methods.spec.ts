import { describe, expect, it } from 'vitest';
import cases from './vtl-methods.json' with { type: 'json' };
import { runTemplate } from './fixtures.js';

interface MethodCase {
  readonly type: string;
  readonly call: string;
  readonly value?: unknown;
  readonly error?: string;
}

const variables =
  '#set($s = "Fix the roof")#set($n = 7.5)#set($b = true)#set($l = ["a", "b", "c"])#set($m = {"id": "7", "done": false})';

describe.each([...Map.groupBy(cases as readonly MethodCase[], ({ type }) => type)])('a %s', (_type, typeCases) => {
  it.each(typeCases)('should answer $call', ({ call, value, error }) => {
    const run = () => runTemplate(`${variables}#return(${call})`).value;
    if (error === undefined) {
      expect(run()).toEqual(value);
    } else {
      expect(run).toThrow(
        expect.objectContaining({ name: 'FieldError', message: expect.stringContaining(error) as string }),
      );
    }
  });
});
