import type { JsValue, State } from '../state.js';

/** A function of the language or of AppSync. The run is at the place of the call, so that a fault names it. */
export type RunBuiltin = (state: State, args: readonly JsValue[]) => JsValue;

/** What a name stands for that handlers do not declare. It can be called, and is no value. */
export type Builtin =
  | { readonly kind: 'function'; readonly run: RunBuiltin }
  | { readonly kind: 'tag'; readonly run: (state: State, strings: readonly string[], values: JsValue[]) => JsValue }
  | BuiltinNamespace;

export interface BuiltinNamespace {
  readonly kind: 'namespace';
  /** A Map, so that no inherited name of the host is a member. */
  readonly members: ReadonlyMap<string, Builtin>;
}

export function createFunction(run: RunBuiltin): Builtin {
  return Object.freeze({ kind: 'function', run });
}

export function createNamespace(members: Readonly<Record<string, Builtin>>): BuiltinNamespace {
  return Object.freeze({ kind: 'namespace', members: new Map(Object.entries(members)) });
}

/** A namespace of functions. */
export function createFunctions(functions: Readonly<Record<string, RunBuiltin>>): BuiltinNamespace {
  return createNamespace(
    Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, createFunction(run)])),
  );
}
