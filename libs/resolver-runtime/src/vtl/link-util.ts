import { extensions, unavailableExtensions } from '../extensions.js';
import { writeJson } from '../json/write-json.js';
import { util } from '../util/index.js';
import type { UtilFunction, UtilNamespace } from '../util/util-function.js';
import type { ReferenceStep } from './tree.js';

/** Runs for its effect: arguments are evaluated before the call, so there is nothing left to do. */
const discard: UtilFunction = () => '';

/** Each converter again under its name with `Json`, giving text. */
function withJsonTwins(functions: UtilNamespace): UtilNamespace {
  const twins = Object.entries(functions)
    .filter(([name]) => name.startsWith('to'))
    .map(([name, run]): [string, UtilFunction] => [
      `${name}Json`,
      (call, ...args) => writeJson(run(call, ...args), call.budget),
    ]);
  return Object.freeze({ ...functions, ...Object.fromEntries(twins) });
}

/** `util` under VTL's names. */
const vtlUtil: Readonly<Record<string, UtilNamespace>> = Object.freeze({
  ...util,
  '': Object.freeze({ ...util[''], qr: discard, quiet: discard }),
  dynamodb: withJsonTwins(util['dynamodb'] ?? {}),
});

const roots: Readonly<Record<string, Readonly<Record<string, UtilNamespace>>>> = Object.freeze({
  util: vtlUtil,
  utils: vtlUtil,
  extensions: Object.freeze({ '': extensions }),
});

/** What a reference to `$util` or `$extensions` calls, and how many of its steps that takes; or what is wrong with it. */
export type Link =
  | {
      readonly run: UtilFunction;
      readonly call: Extract<ReferenceStep, { kind: 'method' }>;
      readonly stepCount: number;
    }
  | { readonly problem: string; readonly hint: string };

/** True for `$util`, `$utils` and `$extensions`: functions to call, no values. */
export function isLinkedRoot(root: string): boolean {
  return Object.hasOwn(roots, root);
}

/**
 * Finds the function that a reference calls, at load: a name that does not exist is a fault of the template, and no
 * object stands for `$util` that a template could take apart.
 */
export function linkCall(root: string, steps: readonly ReferenceStep[]): Link {
  const [first, second] = steps;
  const namespace = first?.kind === 'property' ? first.name : '';
  const call = namespace === '' ? first : second;
  if (call?.kind !== 'method') {
    const example = root === 'extensions' ? '$extensions.setSubscriptionFilter(…)' : '$util.toJson(…)';
    return { problem: `$${root} can only be called`, hint: `Call one of its functions, like ${example}.` };
  }
  const path = namespace === '' ? call.name : `${namespace}.${call.name}`;
  const functions = readOwn(roots[root] ?? {}, namespace);
  const run = functions === undefined ? undefined : readOwn(functions, call.name);
  if (run !== undefined) {
    return { run, call, stepCount: namespace === '' ? 1 : 2 };
  }
  const isPlanned = root === 'extensions' && unavailableExtensions.has(path);
  return isPlanned
    ? { problem: `$${root}.${path} is not available yet`, hint: 'docs/reference/resolvers.md lists what is.' }
    : { problem: `there is no function $${root}.${path}`, hint: 'docs/reference/resolvers.md lists all functions.' };
}

function readOwn<Item>(record: Readonly<Record<string, Item>>, key: string): Item | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
