import { unavailableExtensions } from '../../extensions.js';
import { unavailableUtil } from '../../util/index.js';

const forJson = 'Use JSON.stringify(value) and JSON.parse(text).';
const forNull = 'Compare with null: value == null.';
const forDefault = 'Write value ?? fallback.';
const forType = 'Use typeof.';
const forNumber = 'Write +text.';
const forText = 'Write `${value}`.';
const forDates = 'Use util.time.';
const forMap = 'Use an object, or a list with indexOf and find.';
const forArrays = 'Test typeof value.length: only arrays and strings have one.';
const forCalls = 'Call the function directly.';

/** What to write instead of names that people try, by path; `.name` is a method. */
const hints: ReadonlyMap<string, string> = new Map([
  ['util.toJson', forJson],
  ['util.parseJson', forJson],
  ['util.qr', 'Call the function; nothing is printed.'],
  ['util.quiet', 'Call the function; nothing is printed.'],
  ['util.validate', 'Write if (!condition) util.error(message, type).'],
  ['util.isNull', forNull],
  ['util.isNullOrEmpty', forNull],
  ['util.isNullOrBlank', forNull],
  ['util.defaultIfNull', forDefault],
  ['util.defaultIfNullOrEmpty', forDefault],
  ['util.defaultIfNullOrBlank', forDefault],
  ...['isString', 'isNumber', 'isBoolean', 'isMap', 'typeOf'].map((name): [string, string] => [
    `util.${name}`,
    forType,
  ]),
  ['util.isList', forArrays],
  ['util.log', 'Use console.log and console.error.'],
  ['util.list', 'Use the methods of arrays.'],
  ['util.map', 'Use Object.entries, or a pattern with a rest: const { a, ...rest } = object.'],
  ['util.str.toUpper', 'Use text.toUpperCase().'],
  ['util.str.toLower', 'Use text.toLowerCase().'],
  ['util.str.toReplace', 'Use text.replaceAll(pattern, replacement).'],
  ['Array', forArrays],
  ['BigInt', 'Use numbers.'],
  ['Boolean', 'Write !!value.'],
  ['Date', forDates],
  ['Map', forMap],
  ['Number', forNumber],
  ['Number.parseFloat', forNumber],
  ['Number.parseInt', forNumber],
  ['Promise', 'Handlers run at once: the data source is called between request and response.'],
  ['RegExp', 'Use util.matches(pattern, text).'],
  ['Set', forMap],
  ['String', forText],
  ['WeakMap', forMap],
  ['WeakSet', forMap],
  ['arguments', 'Take them as (...args).'],
  ['decodeURIComponent', 'Use util.urlDecode(text).'],
  ['encodeURIComponent', 'Use util.urlEncode(text).'],
  ['fetch', 'Use an HTTP data source.'],
  ['isFinite', 'Use Number.isFinite.'],
  ['isNaN', 'Use Number.isNaN.'],
  ['parseFloat', forNumber],
  ['parseInt', forNumber],
  ['process', 'Read settings from ctx.env.'],
  ['require', 'Import what you need at the top of the file.'],
  ['setTimeout', 'Handlers have no timers.'],
  ['structuredClone', 'Write { ...object }.'],
  ['.apply', forCalls],
  ['.bind', forCalls],
  ['.call', forCalls],
  ['.charCodeAt', 'Compare characters as strings.'],
  ['.hasOwnProperty', 'Use Object.hasOwn(object, key).'],
  ['.includes', 'Write indexOf(value) > -1.'],
  ['.match', 'Use util.matches(pattern, text).'],
  ['.substr', 'Use slice.'],
  ['.substring', 'Use slice.'],
  ['.test', 'Use util.matches(pattern, text).'],
  ['.then', 'Handlers run at once: the data source is called between request and response.'],
  ['.toFixed', 'Use util.math.roundNum or Math.round.'],
  ['.toISOString', forDates],
  ['.toString', forText],
  ['.toSorted', 'Use slice().sort().'],
]);

/** What to write instead of a name that handlers do not have. */
export function hintFor(path: string): string {
  const fallback = 'docs/reference/resolvers.md lists all that handlers can use.';
  return hints.get(path) ?? hints.get(path.replace(/\.[^.]*$/, '')) ?? fallback;
}

/** True for what AppSync has and this version does not. */
export function isPlanned(path: string): boolean {
  const [root = '', ...rest] = path.split('.');
  const name = rest.join('.');
  return root === 'extensions'
    ? unavailableExtensions.has(name)
    : root === 'util' && (unavailableUtil.has(name) || unavailableUtil.has(`${rest[0] ?? ''}.*`));
}
