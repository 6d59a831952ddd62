import fc from 'fast-check';

/**
 * Code whose meaning AppSync and JavaScript agree on. Names are those that {@link bodies} declare; what throws in one
 * must throw in the other.
 */
const literals = fc.oneof(
  fc.constantFrom('0', '1', '-1', '2.5', '7', '1e21', 'NaN', "''", "'a'", "'b,c'", "'12'", "' 3 '", "'\\u00e9'"),
  fc.constantFrom('true', 'false', 'null', 'undefined', '[]', '{}', '[1, [2]]', "{ x: 1, y: 'b' }", "['b', 'a']"),
);
const variables = fc.constantFrom('a', 'b', 'c', 'text', 'list', 'map', 'ctx.args.title', 'ctx.args.tags');
const binaryOperators = fc.constantFrom(
  ...['+', '-', '*', '/', '%', '**', '==', '!=', '===', '!==', '<', '<=', '>', '>='],
  ...['&', '|', '^', '<<', '>>', '>>>', '&&', '||'],
);
const unaryOperators = fc.constantFrom('!', '-', '+', 'typeof ', 'void ');
/** Most chains go on with `?.`, or nearly every body would throw. */
const links = fc.constantFrom('?.', '?.', '?.', '?.', '?.', '?.', '?.', '?.', '?.', '');

const members = fc.constantFrom('.x', '.y', '.length', '[0]', "['x']", '?.x', '?.[1]', '?.x.y', '[text]');
const calls = fc.constantFrom(
  ...['.at(0)', '.at(-1)', '.concat(b)', '.indexOf(a)', '.lastIndexOf(a)', '.slice(1)', '.slice(-2, -1)', '?.at(1)'],
  ...['.trim()', '.toUpperCase()', ".split(',')", ".split('')", ".startsWith('a')", ".endsWith('c')", '.charAt(1)'],
  ...['.join()', ".join('-')", '.flat()', '.reverse()', '.sort()', '.pop()', '.shift()', '.push(a)', '.splice(0, 1)'],
  ...['.map((x) => x)', '.filter((x) => x)', '.find((x) => x)', '.some((x) => x)', '.every((x) => x)', '.map(twice)'],
  ...['.reduce((s, x) => s + x)', '.reduceRight((s, x) => s + x, 1)', '.flatMap((x) => [x, a])', '.findLast((x) => x)'],
  ...['.findIndex((x) => x === a)', '.findLastIndex((x) => x > 1)', '.forEach((x, i) => { list.push(i); })'],
);
/** A member or call, with the link before it and before its arguments. */
function follow(link: string, part: string): string {
  const rest = part.replace(/^\?\.|^\./, '');
  return link === '' ? `${rest.startsWith('[') ? '' : '.'}${rest}` : `?.${rest.replace(/^(\w+)\(/, '$1?.(')}`;
}

const functions = fc.constantFrom(
  ...[
    'Object.keys((#) ?? 1)',
    'Object.values((#) ?? {})',
    'Object.entries((#) ?? [])',
    "Object.hasOwn((#) ?? {}, 'x')",
    'JSON.stringify(#)',
  ],
  ...['Math.round(#)', 'Math.max(#, 1)', 'Math.floor(#)', 'Number.isNaN(#)', 'Number.isFinite(#)', 'twice(#)'],
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const nested = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literals,
      variables,
      fc.tuple(nested, binaryOperators, nested).map(([left, operator, right]) => `((${left}) ${operator} (${right}))`),
      fc.tuple(nested, nested).map(([left, right]) => `((${left}) ?? (${right}))`),
      fc.tuple(unaryOperators, nested).map(([operator, operand]) => `(${operator}(${operand}))`),
      fc.tuple(nested, nested, nested).map(([test, yes, no]) => `((${test}) ? (${yes}) : (${no}))`),
      fc.tuple(nested, links, members).map(([target, link, member]) => `(${target})${follow(link, member)}`),
      fc.tuple(nested, links, calls).map(([target, link, call]) => `(${target})${follow(link, call)}`),
      fc.tuple(functions, nested).map(([call, argument]) => call.replace('#', () => argument)),
      fc.tuple(nested, nested).map(([first, second]) => `[${first}, ...[${second}], ${second}]`),
      fc.tuple(nested, nested).map(([first, second]) => `({ x: ${first}, ...(${second}), ['k' + (${first})]: 1 })`),
      fc.tuple(nested, nested).map(([first, second]) => `\`\${${first}}-\${${second}}\``),
    ),
  };
});

const { statement } = fc.letrec<{ statement: string }>((tie) => {
  const nested = tie('statement');
  return {
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'map.x', "map['y']"), expression).map(([to, from]) => `${to} = ${from};`),
      fc
        .tuple(fc.constantFrom('a', 'map.x'), fc.constantFrom('+=', '-=', '??=', '||=', '&&='), expression)
        .map(([to, operator, from]) => `${to} ${operator} ${from};`),
      expression.map((value) => `log.push(${value});`),
      expression.map((value) => `{ const { x = 5, ...rest } = (${value}) ?? {}; log.push(x, rest); }`),
      expression.map((value) => `{ const [p, , ...q] = [].concat(${value}); log.push(p, q); }`),
      expression.map((value) => `[a, b = 1] = [].concat(${value});`),
      fc.tuple(expression, nested, nested).map(([test, yes, no]) => `if (${test}) { ${yes} } else { ${no} }`),
      fc
        .tuple(expression, nested)
        .map(([items, body]) => `for (const item of [].concat(${items}).slice(0, 4)) { log.push(item); ${body} }`),
      fc
        .tuple(expression, nested)
        .map(([keys, body]) => `for (const key in ${keys}) { log.push(key); ${body} break; }`),
      fc
        .tuple(expression, expression, nested)
        .map(
          ([value, test, body]) => `switch (${value}) { case ${test}: ${body} case 1: a = 1; break; default: b = 2; }`,
        ),
    ),
  };
});

/** Bodies of handlers that return all that they did. */
export const bodies = fc
  .tuple(fc.array(expression, { minLength: 3, maxLength: 3 }), fc.array(statement, { maxLength: 6 }))
  .map(
    ([
      [a, b, c],
      statements,
    ]) => `const log = []; const list = [3, 'x', null]; const map = { x: 1, y: [2] }; const text = 'a,b';
const twice = (x) => x + x;
let a = 1; let b = 'b'; let c = [1, 2];
a = ${a}; b = ${b}; c = ${c};
${statements.join('\n')}
return { a, b, c, log, list, map };`,
  );

/** Pieces that make files which get past the parser far more often than random characters do. */
export const pieces = fc.constantFrom(
  ...[
    'export function request(ctx) {',
    'export const request = (ctx) => ',
    'function f(x) {',
    'const f = (x) => ',
    '}',
  ],
  ...['return ', 'if (', ') {', ') ', 'else ', 'for (const x of ', 'for (const k in ', 'switch (', 'case 1:', 'break;'],
  ...[
    'const ',
    'let ',
    'var ',
    'x',
    'y = ',
    '{ x, ...y } = ',
    '[x, y = 1] = ',
    'ctx',
    'ctx.args',
    '.tags',
    '?.',
    '[',
    ']',
  ],
  ...[
    '(',
    ')',
    '{',
    '}',
    ',',
    ';',
    ':',
    '=>',
    '=',
    '+=',
    '==',
    '===',
    '+',
    '-',
    '*',
    '**',
    '!',
    '&&',
    '??',
    '...',
    '?',
  ],
  ...[
    'f(',
    '.map(',
    '.map(f)',
    '.push(x)',
    '.reduce(',
    'util.error(',
    'util.time',
    'util',
    'JSON.parse(',
    'Object.keys(',
  ],
  ...['0', '1e308', "'a'", "'('", '`', '${', '/x/', 'this', 'new ', 'async ', 'await ', 'class A {', 'try {', 'throw '],
  ...['__proto__', '.constructor', "['__proto__']", 'typeof ', 'delete ', 'void ', 'in ', '++', '\n', '//', '/*', '*/'],
  ...["import { util } from '@aws-appsync/utils';", "import * as ddb from '@aws-appsync/utils/dynamodb';", 'ddb.get('],
  ...[
    'runtime.earlyReturn(',
    "replaceAll('(a)', '$1')",
    '.split(',
    '.sort()',
    '.flat(Infinity)',
    'x.push(x);',
    'ctx.x = ctx;',
  ],
);
