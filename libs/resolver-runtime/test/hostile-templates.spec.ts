import { FieldError } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { toValue } from '#libs/resolver-runtime';
import type { BudgetLimits, ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun, evaluate, render, runTemplate } from './fixtures.js';

function catchFieldError(template: string, limits: Partial<BudgetLimits> = {}): FieldError {
  try {
    runTemplate(template, createContext(), createRun({ limits, clock: undefined }));
  } catch (error) {
    if (error instanceof FieldError) {
      return error;
    }
    throw error;
  }
  throw new Error(`no error: ${template.slice(0, 200)}`);
}

const double = '#foreach($i in [1..60])#set($s = $s + $s)#end';

describe('a template that runs away', () => {
  it.each([
    [
      'three nested loops',
      '#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end',
      'steps',
    ],
    ['a long loop', '#foreach($a in [1..1001])\n#end', '1000 iterations of one loop'],
    ['a range of a billion', '\n#foreach($a in [1..1000000000])#end', 'bytes'],
    ['a range of the largest integers', '#set($a = [-9007199254740991..9007199254740991])', 'bytes'],
    ['a doubled string', `#set($s = "x")${double}`, 'bytes'],
    ['an interpolated string', '#set($s = "x")#foreach($i in [1..60])#set($s = "$s$s")#end', 'bytes'],
    ['a joined string', '#set($s = "x")#foreach($i in [1..60])#set($s = $s.concat($s))#end', 'bytes'],
    ['a replaced string', '#set($s = "xx")#foreach($i in [1..60])#set($s = $s.replace("x", $s))#end', 'bytes'],
    [
      'a pattern that repeats the input',
      "#set($s = 'xx')#foreach($i in [1..60])#set($s = $s.replaceAll('(x+)', '$1$1'))#end",
      'is exceeded',
    ],
    ['a list added to itself', '#set($l = [1])#foreach($i in [1..60])$util.qr($l.addAll($l))#end', 'bytes'],
    [
      'a map that grows',
      '#set($m = {})#foreach($a in [1..1000])#foreach($b in [1..1000])#set($m["$a-$b"] = $b)#end#end',
      'steps',
    ],
    [
      'endless output',
      '#foreach($a in [1..1000])#foreach($b in [1..1000])0123456789#end#end',
      '5242880 bytes of output',
    ],
    ['a list of itself, printed', '#set($l = [])$!l.add($l)$l', '256 levels of nesting'],
    ['a list of itself, as JSON', '#set($l = [])$util.qr($l.add($l))$util.toJson($l)', '256 levels of nesting'],
    ['a map of itself, returned', '#set($m = {})$util.qr($m.put("m", $m))#return($m)', '256 levels of nesting'],
    [
      'maps of themselves, compared',
      '#set($a = {})#set($a.x = $a)#set($b = {})#set($b.x = $b)#if($a == $b)#end',
      '256 levels of nesting',
    ],
    ['a map of itself, in an error', '#set($m = {})#set($m.m = $m)$util.error("x", "y", $m)', '256 levels of nesting'],
    [
      'a map of itself, in a filter',
      '#set($m = {})#set($m.m = $m)$util.transform.toSubscriptionFilter($m)',
      '256 levels of nesting',
    ],
    [
      'a map of itself, converted',
      '#set($m = {})#set($m.m = $m)$util.dynamodb.toDynamoDBJson($m)',
      '256 levels of nesting',
    ],
    [
      'lists of lists that share, as JSON',
      '#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end$util.toJson($l)',
      'is exceeded',
    ],
    [
      'lists of lists that share, returned',
      '#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end#return($l)',
      'is exceeded',
    ],
    [
      'lists of lists that share, printed',
      '#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end$l',
      'is exceeded',
    ],
    [
      'lists of lists that share, searched',
      '#set($l = [1])#set($k = [1])#foreach($i in [1..40])#set($l = [$l, $l])#set($k = [$k, $k])#end#if($l.contains($k))#end#if($l == $k)#end',
      'steps',
    ],
    ['deep JSON', `${'['.repeat(5000)}`, '256 levels of nesting'],
    [
      'deep JSON, parsed',
      `#set($s = "[")#foreach($i in [1..12])#set($s = $s + $s)#end$util.parseJson($s)`,
      '256 levels of nesting',
    ],
    [
      'a search made to be slow',
      '#set($s = "a")#foreach($i in [1..19])#set($s = $s + $s)#end#set($n = "b$s")#set($s = $s + $s)$s.contains($n)',
      'steps',
    ],
    [
      'a replacement of the empty text',
      '#set($s = "a")#foreach($i in [1..13])#set($s = $s + $s)#end$s.replace("", $s)',
      'bytes',
    ],
    [
      'a pattern of many states',
      '#set($s = "a")#foreach($i in [1..12])#set($s = $s + $s)#end$util.matches("(((a?){0,10}){0,10}){0,10}b", $s)',
      'steps',
    ],
    [
      'a pattern that backtracks',
      `#set($s = "a")#foreach($i in [1..15])#set($s = $s + $s)#end#foreach($i in [1..1000])$util.matches("(a*)*b", $s)#end`,
      'is exceeded',
    ],
  ])('should end with its limit: %s', (_what, template, limit) => {
    const startedAt = performance.now();
    const error = catchFieldError(template);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(error.errorType).toBe('MappingTemplate');
    expect(error.message).toMatch(/^Mutation\.createTask\.response\.vtl, line \d+: the limit of .* is exceeded\.$/);
    expect(error.message).toContain(limit);
  });

  it('should be named with the line where it went over', () => {
    expect(catchFieldError('\n\n#foreach($a in [1..1001])\n$!none\n#end').message).toBe(
      'Mutation.createTask.response.vtl, line 3: the limit of 1000 iterations of one loop is exceeded.',
    );
  });

  it('should end by the clock', () => {
    let now = 0;
    const run = createRun({ clock: () => (now += 40), limits: { maxMs: 100 } });
    const text = '#foreach($a in [1..1000])#set($b = $a)#end';
    expect(() => evaluate(text, createContext(), run)).toThrow('the limit of 100 ms is exceeded');
  });

  it.each([
    [{ maxSteps: 10 }, '#foreach($a in [1..20])#end', '10 steps'],
    [{ maxBytes: 1000 }, '#set($a = [1..100])', '1000 bytes'],
    [{ maxOutputBytes: 5 }, '"123456"', '5 bytes of output'],
    [{ maxLoopIterations: 3 }, '#foreach($a in [1..4])#end', '3 iterations of one loop'],
    [{ maxDepth: 2 }, '[[[1]]]', '2 levels of nesting'],
  ])('should obey the limits that are set: %j', (limits, template, limit) => {
    expect(catchFieldError(template, limits).message).toContain(limit);
  });

  it('should read a number of many digits in one pass', () => {
    const text =
      '#set($s = "1")#foreach($i in [1..19])#set($s = $s + $s)#end#set($s = $s + "x")#set($n = 0)$n.parseDouble($s)';
    const startedAt = performance.now();
    expect(catchFieldError(text).message).toBe('parseDouble() expects the text of a number.');
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('should leave the next run as it was', () => {
    catchFieldError(`#set($s = "x")${double}`);
    expect(evaluate('$util.toJson($ctx.args.id)')).toBe('7');
  });

  it('should take a full loop within a full loop', () => {
    expect(evaluate('#foreach($a in [1..300])#foreach($b in [1..1000])#end#end 1')).toBe(1);
  });
});

describe('a template that looks for the host', () => {
  afterEach(() => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    '$ctx.class',
    '$ctx.getClass()',
    '$ctx.class.forName("java.lang.Runtime")',
    '$ctx.constructor',
    '$ctx.constructor.constructor("return process")()',
    '$ctx["constructor"]["constructor"]',
    '$ctx.args.__proto__',
    '$ctx.args["__proto__"]',
    '$ctx.args.get("__proto__")',
    '$ctx.args.prototype',
    '$ctx.args.toString.constructor',
    '$ctx.args.hasOwnProperty("id")',
    '$ctx.args.id.constructor',
    '$ctx.args.id.constructor("x")',
    '$ctx.args.id.toString.call(1)',
    '$ctx.args.tags.constructor',
    '$ctx.args.tags.map("x")',
    '$ctx.args.tags.length',
    '$ctx.args.classification.constructor("x")',
    '$ctx.args.__defineGetter__("x", 1)',
    '$ctx.args.valueOf()',
    '$__proto__.polluted',
    '$constructor',
    '$foreach.constructor',
    '$globalThis.process $process.env $require("fs")',
  ])('should see an undefined reference: %s', (template) => {
    expect(render(template)).toBe(template);
  });

  it.each([
    '#set($ctx.args.__proto__ = {"polluted": 1})',
    '#set($ctx.args["__proto__"] = {"polluted": 1})',
    '#set($ctx.args["constructor"] = 1)',
    '$ctx.args.put("__proto__", {"polluted": 1})',
    '$ctx.args.put("prototype", 1)',
    '$ctx.args.putIfAbsent("constructor", 1)',
    '#set($m = {"__proto__": {"polluted": 1}})',
    '#set($k = "proto")#set($m = {"__${k}__": 1})',
    '#foreach($k in ["constructor"])#set($ctx.stash[$k] = 1)#end',
  ])('should be refused a reserved key: %s', (template) => {
    expect(catchFieldError(template).message).toMatch(/^The key '\w+' is reserved and cannot be set\.$/);
  });

  it('should not reach a prototype through data of clients', () => {
    const args = JSON.parse(
      '{"json": "{\\"__proto__\\": {\\"polluted\\": 1}, \\"a\\": 1}", "__proto__": {"polluted": 1}}',
    ) as unknown;
    const ctx = createContext({ args: toValue(args) as ValueMap });
    const text = '#set($p = $util.parseJson($ctx.args.json))$p $p.polluted $ctx.args.polluted';
    expect(render(text, ctx)).toBe('{a=1} $p.polluted $ctx.args.polluted');
    expect(
      evaluate('$util.qr($ctx.stash.putAll($util.parseJson($ctx.args.json)))$util.toJson($ctx.stash)', ctx),
    ).toEqual({ a: 1 });
  });

  it('should keep data with a key that is only the name of a class member', () => {
    const ctx = createContext({ result: toValue({ constructor: 'Ferrari', toString: 'x' }) });
    expect(evaluate('$util.toJson($ctx.result)', ctx)).toEqual({ constructor: 'Ferrari', toString: 'x' });
  });

  it('should give maps that inherit nothing', () => {
    const value = evaluate('{"a": {"b": 1}}') as ValueMap;
    expect('constructor' in (value as object)).toBe(false);
    expect('constructor' in (value['a'] as object)).toBe(false);
  });
});
