import { describe, expect, it } from 'vitest';
import { createContext, createRun, evaluate } from './fixtures.js';

function addHeaders(template: string) {
  const run = createRun();
  expect(evaluate(`${template} "ok"`, createContext(), run)).toBe('ok');
  return { headers: Object.fromEntries(run.effects.responseHeaders), errors: run.effects.errors };
}

describe('util.http.addResponseHeader', () => {
  it('should set headers of any type by lower-case name', () => {
    const { headers, errors } = addHeaders(
      '$util.http.addResponseHeader("itemsCount", 7)$util.http.addResponseHeaders({"A": "x", "b": {"c": 1}})',
    );
    expect(headers).toEqual({ itemscount: '7', a: 'x', b: '{c=1}' });
    expect(errors).toEqual([]);
  });

  it('should keep the last definition of a header', () => {
    const { headers } = addHeaders('$util.http.addResponseHeader("a", 1)$util.http.addResponseHeader("A", 2)');
    expect(headers).toEqual({ a: '2' });
  });

  it.each([
    ['Access-Control-Allow-Origin', 'its name is restricted'],
    ['Vary', 'its name is restricted'],
    ['Content-Type', 'its name is restricted'],
    ['X-Amzn-RequestId', 'its name is restricted'],
    ['x-amz-date', 'its name is restricted'],
    ['Transfer-Encoding', 'its name is restricted'],
    ['a b', 'its name has characters that a header name may not have'],
    ['', 'its name has characters that a header name may not have'],
  ])('should ignore %j with an error and go on', (name, reason) => {
    const { headers, errors } = addHeaders(`$util.http.addResponseHeader("${name}", 1)`);
    expect(headers).toEqual({});
    expect(errors).toMatchObject([
      { errorType: 'ResponseHeaderError', message: `The response header '${name}' is ignored: ${reason}.` },
    ]);
  });

  it('should ignore a value that would begin another header', () => {
    const { headers, errors } = addHeaders('$util.http.addResponseHeader("a", "1\r\nset-cookie: b")');
    expect(headers).toEqual({});
    expect(errors).toHaveLength(1);
  });

  it('should count replaced definitions towards the 4 KB of all headers', () => {
    const large = 'x'.repeat(2000);
    const add = (name: string) => `$util.http.addResponseHeader("${name}", "${large}")`;
    const { headers, errors } = addHeaders(add('a') + add('a') + add('b'));
    expect(Object.keys(headers)).toEqual(['a']);
    expect(errors[0]?.message).toContain("'b' is ignored: all headers together exceed 4096 characters");
  });
});

describe('util.http.copyHeaders', () => {
  it('should leave out the headers of one hop', () => {
    const copy =
      '#return($util.http.copyHeaders({"Host": "a", "connection": "b", "TE": "c", "x-a": "d", "x-b": ["e", "f"]}))';
    expect(evaluate(copy)).toEqual({ 'x-a': 'd', 'x-b': ['e', 'f'] });
  });
});
