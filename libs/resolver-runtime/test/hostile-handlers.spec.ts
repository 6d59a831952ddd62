import { FieldError } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { toValue } from '#libs/resolver-runtime';
import type { BudgetLimits, ValueMap } from '#libs/resolver-runtime';
import { createContext, createRun } from './fixtures.js';
import { evaluateJs, findFaults, runBody, runCode } from './js-fixtures.js';

function catchFieldError(body: string, limits: Partial<BudgetLimits> = {}): FieldError {
  try {
    runBody(body, createContext(), createRun({ phase: 'request', limits, clock: undefined }));
  } catch (error) {
    if (error instanceof FieldError) {
      return error;
    }
    throw error;
  }
  throw new Error(`no error: ${body.slice(0, 200)}`);
}

/** Ten thousand elements in `l`. */
const long =
  'const n = [1,1,1,1,1,1,1,1,1,1]; const l = []; for (const a of n) for (const b of n) for (const c of n) l.push(...n);';
/** A million characters in `s`. */
const large = "let s = 'a'; [1,2,3,4].forEach(() => [1,2,3,4,5].forEach(() => { s = s + s; }));";
/** Forty lists within lists, each twice in the next: a tree of 2^40. */
const bush = 'let l = [1]; [1,2,3,4,5,6,7,8].forEach(() => [1,2,3,4,5].forEach(() => { l = [l, l]; }));';

describe('a handler that runs away', () => {
  it.each([
    ['nested loops', `${long} for (const a of l) for (const b of l) {}`, 'steps'],
    ['nested callbacks', `${long} return l.map(() => l.map(() => l.map(() => 1)));`, 'is exceeded'],
    ['a loop over a list that grows', 'const l = [1]; for (const x of l) l.push(x);', 'is exceeded'],
    ['a doubled string', `${long} let s = 'x'; for (const a of l) s = s + s;`, 'bytes'],
    ['a string added to itself', `${long} let s = 'x'; for (const a of l) s += s;`, 'bytes'],
    ['a template', `${long} let s = 'x'; for (const a of l) s = \`\${s}\${s}\`;`, 'bytes'],
    ['a joined string', `${long} let s = 'x'; for (const a of l) s = s.concat(s, s);`, 'bytes'],
    ['a replaced string', `${long} let s = 'xx'; for (const a of l) s = s.replaceAll('x', s);`, 'bytes'],
    [
      'a pattern that repeats the input',
      `${long} let s = 'xx'; for (const a of l) s = s.replaceAll('(x+)', '$1$1');`,
      'is exceeded',
    ],
    ['a list joined by a long text', `${large} ${long} return l.join(s);`, 'bytes'],
    ['a split string', `${large} ${long} l.forEach(() => s.split(''));`, 'is exceeded'],
    ['a list added to itself', `${long} for (const a of n) for (const b of n) l.push(...l);`, 'is exceeded'],
    ['an index of a billion', 'const l = []; l[1000000000] = 1;', 'bytes'],
    ['a length of 2^53', 'const l = []; l.length = 9007199254740991;', 'bytes'],
    [
      'a map that grows',
      `${long} const m = {}; for (const a of l) for (const b of n) m[\`\${Math.random()}\${b}\`] = l.map((x) => x);`,
      'is exceeded',
    ],
    ['spread upon spread', `${long} let m = {}; for (const a of l) m = { ...m, ...l };`, 'is exceeded'],
    [
      'lists that are flattened',
      `${long} let m = [l]; for (const a of l) m = m.flatMap((x) => [x, x]);`,
      'is exceeded',
    ],
    ['a sorted list', `${long} for (const a of l) l.sort();`, 'steps'],
    ['a sorted list of long texts', `${large} ${long} for (const a of l) l.map((x) => s).sort();`, 'is exceeded'],
    ['a list that moves', `${long} for (const a of l) for (const b of l) l.unshift(1);`, 'is exceeded'],
    ['a splice', `${long} for (const a of l) l.splice(0, 1, 2, 3);`, 'is exceeded'],
    ['keys upon keys', `${long} for (const a of l) Object.entries(l);`, 'is exceeded'],
    ['a list of itself, as text', 'const l = []; l.push(l); return `${l}`;', '256 levels of nesting'],
    ['a list of itself, as JSON', 'const l = []; l.push(l); return JSON.stringify(l);', '256 levels of nesting'],
    ['a map of itself, returned', 'const m = {}; m.m = m; return m;', '256 levels of nesting'],
    ['a list of itself, flattened', 'const l = []; l.push(l); return l.flat(Infinity);', '256 levels of nesting'],
    ['a map of itself, in an error', "const m = {}; m.m = m; util.error('x', 'y', m);", '256 levels of nesting'],
    ['a map of itself, converted', 'const m = {}; m.m = m; util.dynamodb.toMapValues(m);', '256 levels of nesting'],
    ['a map of itself, in the log', 'const m = {}; m.m = m; console.log(m);', '256 levels of nesting'],
    ['a map of itself, in the stash', 'ctx.stash.self = ctx.stash;', '256 levels of nesting'],
    ['a tree of shared lists, returned', `${bush} return l;`, 'is exceeded'],
    ['a tree of shared lists, as JSON', `${bush} return JSON.stringify(l);`, 'is exceeded'],
    ['a tree of shared lists, as text', `${bush} return l + '';`, 'is exceeded'],
    ['a tree of shared lists, compared', `${bush} return l == 'x';`, 'is exceeded'],
    ['a tree of shared lists, flattened', `${bush} return l.flat(Infinity);`, 'is exceeded'],
    ['one long text many times, returned', `${large} ${long} return l.map(() => s);`, 'is exceeded'],
    ['one long text many times, in an error', `${large} ${long} util.error('x', 'y', l.map(() => s));`, 'bytes'],
    ['one long text many times, in the stash', `${large} ${long} ctx.stash.l = l.map(() => s);`, 'bytes'],
    ['a result of six megabytes', `${large} return [s, s, s, s, s, s];`, '5242880 bytes of output'],
    [
      'a search among long texts',
      `${large} ${long} const x = s + 'x'; const y = s + 'y'; return l.map(() => x).indexOf(y);`,
      'steps',
    ],
    [
      'comparisons of long texts',
      `${large} ${long} const x = s + 'x'; const y = s + 'y'; for (const a of l) x === y;`,
      'steps',
    ],
    [
      'a switch on long texts',
      `${large} ${long} const x = s + 'x'; for (const a of l) switch (x) { case s + 'y': break; }`,
      'is exceeded',
    ],
    ['a pattern that backtracks', `${large} ${long} for (const a of l) util.matches('(a*)*b', s);`, 'steps'],
    [
      'deep JSON',
      `let s = '['; [1,2,3].forEach(() => [1,2,3,4].forEach(() => { s += s; })); return JSON.parse(s);`,
      '256 levels of nesting',
    ],
    [
      'JSON upon JSON',
      `${long} let t = JSON.stringify(l); for (const a of l) t = JSON.stringify([JSON.parse(t), t]);`,
      'is exceeded',
    ],
    ['numbers of many digits', `${large} ${long} const t = s.replaceAll('a', '1'); for (const a of l) +t;`, 'steps'],
  ])('should end with its limit: %s', (_what, body, limit) => {
    const startedAt = performance.now();
    const error = catchFieldError(body);
    // A tenth of it on an idle machine.
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(error.errorType).toBe('Code');
    expect(error.message).toMatch(/^resolvers\/Mutation\.createTask\.js:2:\d+: the limit of .* is exceeded\.$/);
    expect(error.message).toContain(limit);
  });

  it('should be named with the line and column where it went over', () => {
    expect(catchFieldError(`${long}\n\nfor (const a of l)\n  for (const b of l) {}`).message).toBe(
      'resolvers/Mutation.createTask.js:5:3: the limit of 1000000 steps is exceeded.',
    );
  });

  it('should end by the clock', () => {
    let now = 0;
    const run = createRun({ phase: 'request', clock: () => (now += 40), limits: { maxMs: 100 } });
    expect(() => runBody(`${long} for (const a of l) {}`, createContext(), run)).toThrow('the limit of 100 ms');
  });

  it.each([
    [{ maxSteps: 10 }, 'for (const a of ctx.args.title) {}', '10 steps'],
    [{ maxBytes: 1000 }, "return ctx.args.title.split('').map((x) => [x]);", '1000 bytes'],
    [{ maxOutputBytes: 5 }, 'return ctx.args.title;', '5 bytes of output'],
    [{ maxDepth: 2 }, 'return [[[1]]];', '2 levels of nesting'],
  ])('should obey the limits that are set: %j', (limits, body, limit) => {
    expect(catchFieldError(body, limits).message).toContain(limit);
  });

  it('should leave the next run as it was', () => {
    catchFieldError(`${long} let s = 'x'; for (const a of l) s += s;`);
    expect(evaluateJs('ctx.args.id')).toBe('7');
  });

  it('should go on after bad JSON that was deep', () => {
    const body = "const bad = ['[[[[x', '[[[[x', '[[[[x']; bad.forEach((t) => JSON.parse(t)); return [[[1]]];";
    expect(runBody(body, createContext(), createRun({ phase: 'request', limits: { maxDepth: 6 } }))).toEqual([[[1]]]);
  });
});

describe('syntax that takes all of the stack', () => {
  const calls = (count: number, body: (next: string) => string) =>
    `${Array.from({ length: count }, (_item, index) => `const f${index} = () => ${body(`f${index + 1}()`)};`).join('\n')}
const f${count} = () => 1;\nexport const request = () => f0();`;

  it('should be refused when functions call one another in a long row', () => {
    expect(findFaults(calls(900, (next) => next))[0]?.message).toBe('too many functions call one another in a row');
  });

  it.each([
    ['lists', 4, (next: string) => '['.repeat(225) + next + ']'.repeat(225)],
    ['objects', 4, (next: string) => '{a:'.repeat(112).replace('{', '({') + next + '}'.repeat(112) + ')'],
    ['callbacks', 4, (next: string) => '[1].map(() => '.repeat(45) + next + ')'.repeat(45)],
    ['templates', 4, (next: string) => '`${'.repeat(225) + next + '}`'.repeat(225)],
    ['conditions', 4, (next: string) => '1 && ('.repeat(225) + next + ')'.repeat(225)],
    ['arguments', 4, (next: string) => 'Math.min('.repeat(225) + next + ')'.repeat(225)],
    ['blocks', 4, (next: string) => `{ ${'{'.repeat(225)} return ${next}; ${'}'.repeat(225)} }`],
    ['ifs', 4, (next: string) => `{ ${'if (1) '.repeat(225)} return ${next}; }`],
    ['loops', 4, (next: string) => `{ ${'for (const x of [1]) '.repeat(110)} return ${next}; }`],
  ])('should run to its end where it is let through: %s', (_what, count, body) => {
    const text = calls(count, body);
    expect(findFaults(text)).toEqual([]);
    try {
      runCode(text);
    } catch (error) {
      // Values as deep as this are too deep to leave; the host's stack held.
      expect(error).toBeInstanceOf(FieldError);
    }
  });
});

describe('a handler that looks for the host', () => {
  afterEach(() => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.keys(Array.prototype)).toEqual([]);
  });

  it.each([
    'ctx.constructor',
    "ctx['constructor']",
    "ctx['con' + 'structor']",
    'ctx.args.__proto__',
    "ctx.args['__pro' + 'to__']",
    'ctx.args.prototype',
    'ctx.args.toString',
    'ctx.args.hasOwnProperty',
    'ctx.args.__defineGetter__',
    'ctx.args.__lookupGetter__',
    'ctx.args.valueOf',
    'ctx.args.id.constructor',
    "ctx.args.id['constructor']",
    'ctx.args.id.at',
    'ctx.args.tags.constructor',
    'ctx.args.tags.map',
    "ctx.args.tags['map']",
    'ctx.args.classification.constructor',
    '(true).constructor',
    "''.constructor",
    '[].constructor',
    '({}).constructor',
    "[]['__proto__']",
    'Object.assign({}, ctx.args).constructor',
    'JSON.parse(\'{"constructor": 1}\').constructor',
    'JSON.parse(\'{"__proto__": {"x": 1}}\').__proto__',
    'JSON.parse(\'{"__proto__": {"x": 1}}\').x',
  ])('should see undefined: %s', (code) => {
    expect(evaluateJs(`typeof ${code}`)).toBe('undefined');
  });

  it.each([
    "ctx.args['__proto__'] = { polluted: 1 };",
    "ctx.args['__pro' + 'to__'] = { polluted: 1 };",
    'ctx.args.__proto__ = { polluted: 1 };',
    'ctx.args.constructor = 1;',
    "const m = { ['__pro' + 'to__']: { polluted: 1 } };",
    "[ctx.args['constructor']] = [1];",
    'for (ctx.args.prototype of [1]) {}',
    "({ a: ctx.args['__proto__'] } = { a: 1 });",
    "ctx.args['__proto__'] ??= { polluted: 1 };",
  ])('should be refused a reserved key: %s', (body) => {
    expect(catchFieldError(body).message).toMatch(/the key '\w+' is reserved and cannot be set\.$/);
  });

  it.each([
    'Object.assign({}, JSON.parse(\'{"__proto__": {"polluted": 1}}\')).polluted',
    '({ ...JSON.parse(\'{"__proto__": {"polluted": 1}}\') }).polluted',
    "ctx.args.tags['polluted']",
    "Object.hasOwn(ctx.args, '__proto__')",
    "Object.hasOwn(ctx.args, 'toString')",
  ])('should find nothing inherited: %s', (code) => {
    expect([null, false]).toContainEqual(evaluateJs(code));
  });

  it('should keep data that has a key of a class member, although code cannot name it', () => {
    const ctx = createContext({ args: toValue({ constructor: 'Ferrari', toString: 'x' }) as ValueMap });
    expect(evaluateJs('[{ ...ctx.args }, Object.entries(ctx.args), ctx.args.toString, ctx.args]', ctx)).toEqual([
      { constructor: 'Ferrari', toString: 'x' },
      [
        ['constructor', 'Ferrari'],
        ['toString', 'x'],
      ],
      'x',
      { constructor: 'Ferrari', toString: 'x' },
    ]);
  });

  it('should give maps that inherit nothing', () => {
    const value = evaluateJs(
      '{ a: JSON.parse(\'{"b": {}}\'), c: { ...ctx.args } }'.replace(/^/, '(') + ')',
    ) as ValueMap;
    expect('constructor' in (value as object)).toBe(false);
    expect('constructor' in ((value['a'] as ValueMap)['b'] as object)).toBe(false);
    expect('constructor' in (value['c'] as object)).toBe(false);
  });
});
