import { extensions } from '../../extensions.js';
import { isTemplateTag } from '../../modules/module-member.js';
import type { ModuleMember, ModuleNamespace } from '../../modules/module-member.js';
import { slotBytes } from '../../budget.js';
import { snapshot } from '../../snapshot.js';
import { jsUtil } from '../../util/index.js';
import type { UtilFunction, UtilNamespace } from '../../util/util-function.js';
import { isMap, readKey } from '../../values.js';
import type { Value } from '../../values.js';
import type { LogLevel } from '../../run.js';
import { describe } from '../convert.js';
import { EarlyReturn } from '../state.js';
import type { JsValue, State } from '../state.js';
import { createFunction, createFunctions, createNamespace } from './builtin.js';
import type { Builtin, BuiltinNamespace, RunBuiltin } from './builtin.js';
import { stringify } from './stringify.js';

/** Functions of util that end the run with an error of the handler's own: it leaves as it is, without a place. */
const raising: ReadonlySet<string> = new Set(['error', 'unauthorized']);

/** Functions that act and give nothing. Their shared form gives the empty text, which is what a template prints. */
const silent: ReadonlySet<string> = new Set(['appendError', 'http.addResponseHeader', 'http.addResponseHeaders']);

/** Calls a function of util with copies: it sees plain trees without undefined in them, and nothing that may still change. */
function adapt(path: string, run: UtilFunction, isSilent: boolean): Builtin {
  const isRaising = raising.has(path);
  return createFunction((state, args) => {
    const copies = args.map((arg) => (arg === undefined ? undefined : snapshot(arg, state.budget)));
    try {
      const result = run(state.call, ...copies);
      return isSilent ? undefined : result;
    } catch (error) {
      throw isRaising ? error : state.locate(error);
    }
  });
}

function adaptAll(namespace: string, functions: UtilNamespace): Record<string, Builtin> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]) => {
      const path = namespace === '' ? name : `${namespace}.${name}`;
      return [name, adapt(path, run, silent.has(path))];
    }),
  );
}

/** `util`. */
export const utilFunctions: BuiltinNamespace = createNamespace({
  ...adaptAll('', jsUtil[''] ?? {}),
  ...Object.fromEntries(
    Object.entries(jsUtil)
      .filter(([namespace]) => namespace !== '')
      .map(([namespace, functions]) => [namespace, createNamespace(adaptAll(namespace, functions))]),
  ),
});

/** `extensions`. */
export const extensionFunctions: BuiltinNamespace = createNamespace(
  Object.fromEntries(Object.entries(extensions).map(([name, run]) => [name, adapt(name, run, true)])),
);

function readSkipTo(options: JsValue, state: State): 'END' | 'NEXT' {
  const skipTo = isMap(options) ? readKey(options, 'skipTo') : null;
  if (skipTo === 'END' || skipTo === 'NEXT') {
    return skipTo;
  }
  if ((skipTo ?? null) !== null) {
    throw state.fault(`runtime.earlyReturn knows skipTo 'END' and 'NEXT', not ${describe(skipTo)}.`);
  }
  return 'NEXT';
}

/** `runtime`. */
export const runtimeFunctions = createFunctions({
  earlyReturn: (state, [value, options]) => {
    const signal = new EarlyReturn(value, readSkipTo(options, state));
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a way out of all functions at once, without a stack trace
    throw signal;
  },
});

/** Texts as they are, all else as JSON, with spaces between them. */
function logAt(level: LogLevel): RunBuiltin {
  return (state, args) => {
    const { budget, run } = state.call;
    const pieces = args.map((arg) => (typeof arg === 'string' ? arg : (stringify(arg, '', budget) ?? 'undefined')));
    const message = pieces.join(' ');
    budget.spend(message.length);
    run.log?.(level, message);
    return undefined;
  };
}

/** `console`: the run's log, at the levels info and error. */
export const consoleFunctions = createFunctions({ log: logAt('info'), error: logAt('error') });

/** The functions of a helper module. */
export function createModule(members: ModuleNamespace): BuiltinNamespace {
  return createNamespace(
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, adaptMember(member)])),
  );
}

function adaptMember(member: ModuleMember): Builtin {
  if (typeof member === 'function') {
    return createFunction((state, args) => {
      const copies = args.map((arg) => snapshot(arg, state.budget));
      return atPlace(state, () => member(copies, state.call));
    });
  }
  if (isTemplateTag(member)) {
    return {
      kind: 'tag',
      run: (state, strings, values) => {
        const copies = values.map((value) => snapshot(value, state.budget));
        return atPlace(state, () => member.tag(strings, copies, state.call));
      },
    };
  }
  return createModule(member);
}

function atPlace(state: State, run: () => Value): Value {
  try {
    state.budget.spend(slotBytes);
    return run();
  } catch (error) {
    throw state.locate(error);
  }
}
