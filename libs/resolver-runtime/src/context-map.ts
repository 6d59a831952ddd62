import type { FieldInfo, ResolverContext } from './resolver-context.js';
import { createMap } from './values.js';
import type { Value, ValueMap } from './values.js';

/** `$ctx`: the context as a map, `args` also as `arguments`. Maps of the context are shared, so what a template puts in the stash stays. */
export function createContextMap(ctx: ResolverContext): ValueMap {
  const map = createMap() as LazyContextMap;
  map[contextOf] = ctx;
  map['args'] = ctx.args;
  map['arguments'] = ctx.args;
  map['source'] = ctx.source;
  map['identity'] = ctx.identity;
  map['request'] = copyPlain(ctx.request);
  map['stash'] = ctx.stash;
  map['prev'] = ctx.prev === null ? null : copyPlain(ctx.prev);
  map['result'] = ctx.result ?? null;
  map['error'] = ctx.error === null || ctx.error === undefined ? null : copyPlain(ctx.error);
  Object.defineProperty(map, 'info', lazyInfo);
  map['env'] = ctx.env;
  return map;
}

function copyPlain(source: Readonly<Record<string, Value>>): ValueMap {
  return Object.assign(createMap(), source);
}

const contextOf = Symbol('ResolverContext');

type LazyContextMap = ValueMap & { [contextOf]: ResolverContext };

/**
 * `ctx.info` is made when a handler reads it, which few do, because it costs more than the rest of the context. The accessor is one
 * for all maps, so that they share a shape; what is read, or set, is an ordinary member from then on.
 */
const lazyInfo: PropertyDescriptor & ThisType<LazyContextMap> = {
  enumerable: true,
  configurable: true,
  get() {
    return settle(this, createInfoMap(this[contextOf].info));
  },
  set(value: Value) {
    settle(this, value);
  },
};

function settle(map: LazyContextMap, value: Value): Value {
  Object.defineProperty(map, 'info', { value, enumerable: true, writable: true, configurable: true });
  return value;
}

/** The selection can be read but is not listed: AppSync leaves it out of `$util.toJson($ctx.info)`. */
function createInfoMap({
  fieldName,
  parentTypeName,
  variables,
  selectionSetList,
  selectionSetGraphQL,
}: FieldInfo): ValueMap {
  const info = copyPlain({ fieldName, parentTypeName, variables });
  Object.defineProperty(info, 'selectionSetList', { value: selectionSetList ?? null });
  Object.defineProperty(info, 'selectionSetGraphQL', { value: selectionSetGraphQL ?? null });
  return info;
}
